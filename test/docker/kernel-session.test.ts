// The packet filter and the routes of this machine: what a session makes is there, and goes with the process that made it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import { createDirectPrograms } from '../../src/network/kernel/direct-programs.ts';
import { startKeeper } from '../../src/network/kernel/keeper.ts';
import { openKernelSession, type RunningKernelSession } from '../../src/network/kernel/kernel-session.ts';
import { eventually } from '../support/eventually.ts';

/** Of no home: homes have the networks from 10.96 to 10.111. */
const CIDR = '10.251.0.0/16';
const programs = createDirectPrograms(systemClock);

const tables = async (): Promise<string> => (await execa('nft', ['list', 'tables'])).stdout;
const routes = async (cidr = CIDR): Promise<string> => (await execa('ip', ['route', 'show', 'table', 'local', 'to', 'root', cidr])).stdout;

describe('the table of a home', () => {
  let session: RunningKernelSession;
  const table = 'minik-test-session';

  beforeAll(async () => {
    session = await openKernelSession({ programs, clusterId: 'test-session', clock: systemClock, log: silentLogger });
  });
  afterAll(() => session.stop());

  test('is there as soon as the session is', async () => expect(await tables()).toContain(table));

  test('gets all of a script', async () => {
    await session.run(`add chain ${session.table} one\nadd rule ${session.table} one counter`);
    expect((await execa('nft', ['list', 'table', 'ip', table])).stdout).toContain('counter');
  });

  test('gets nothing of a script that nft refuses, and nft\'s words come back', async () => {
    await expect(session.run(`add chain ${session.table} two\nadd rule ${session.table} absent accept`)).rejects.toThrow(/No such file or directory.*add rule .* absent accept/);
    expect((await execa('nft', ['list', 'table', 'ip', table])).stdout).not.toContain('two');
  });

  test('takes a script of a megabyte', async () => {
    const names = Array.from({ length: 20_000 }, (_, at) => `add chain ${session.table} many-${at}-with-a-longer-name`);
    await session.run(names.join('\n'));
    expect((await execa('nft', ['list', 'table', 'ip', table])).stdout.match(/many-/g)).toHaveLength(20_000);
  });

  test('can be changed by nobody else', async () => {
    const meddled = await execa('nft', ['flush', 'table', 'ip', table], { reject: false });
    expect(meddled.stderr).toContain('Operation not permitted');
  });

  test('comes back empty, and is asked to be filled, when nft is killed', async () => {
    let asked = 0;
    session.whenEmpty(() => (asked += 1));
    const { stdout } = await execa('nft', ['list', 'table', 'ip', table]);
    expect(stdout).toContain('many-');
    await killNftOfThisProcess();
    await eventually('the table is filled again', async () => asked === 2);
    expect((await execa('nft', ['list', 'table', 'ip', table])).stdout).not.toContain('many-');
    await session.run(`add chain ${session.table} again`);
  });

  test('goes with the session', async () => {
    await session.stop();
    expect(await tables()).not.toContain(table);
  });
});

describe('the route of the Service addresses', () => {
  test('leads to this host while the keeper runs, and is gone afterwards', async () => {
    const keeper = await startKeeper({ programs, serviceCidr: CIDR, clock: systemClock });
    expect(await routes()).toContain(`local ${CIDR}`);
    await keeper.stop();
    expect(await routes()).toBe('');
  });

  test('replaces what a keeper that was killed had left', async () => {
    await execa('ip', ['route', 'add', 'local', CIDR, 'dev', 'lo', 'metric', '77']);
    const keeper = await startKeeper({ programs, serviceCidr: CIDR, clock: systemClock });
    expect((await routes()).trim().split('\n')).toHaveLength(1);
    await keeper.stop();
    expect(await routes()).toBe('');
  });

  test('is not taken away by an earlier keeper that ends late', async () => {
    const earlier = await startKeeper({ programs, serviceCidr: CIDR, clock: systemClock });
    const later = await startKeeper({ programs, serviceCidr: CIDR, clock: systemClock });
    await earlier.stop();
    expect((await routes()).trim().split('\n')).toHaveLength(1);
    await later.stop();
    expect(await routes()).toBe('');
  });

  test('is refused with the words of the system when it cannot be made', async () => {
    await expect(startKeeper({ programs, serviceCidr: '10.251.0.1/16', clock: systemClock })).rejects.toThrow(/the route of the Service addresses 10.251.0.1\/16 cannot be made: .*Invalid/);
  });
});

test('a process that is killed leaves neither table nor route', async () => {
  const child = spawn(process.execPath, [`${import.meta.dirname}/../support/kernel-holder.ts`, 'test-killed', '10.252.0.0/16'], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  expect(await tables()).toContain('minik-test-killed');
  expect(await routes('10.252.0.0/16')).not.toBe('');
  child.kill('SIGKILL');
  await eventually('both are gone', async () => !(await tables()).includes('minik-test-killed') && (await routes('10.252.0.0/16')) === '');
});

async function killNftOfThisProcess(): Promise<void> {
  const { stdout } = await execa('ps', ['--ppid', String(process.pid), '-o', 'pid=,args=']);
  const pid = /^ *(\d+) nft -i$/m.exec(stdout)?.[1];
  process.kill(Number(pid), 'SIGKILL');
}

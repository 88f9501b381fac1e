// The packet filter, the routes and the settings of a host: what a home makes is there, and goes with the process that made it.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import type { KernelAccess } from '../../src/network/kernel/kernel-access.ts';
import { startKeeper, type Keeper } from '../../src/network/kernel/keeper.ts';
import { openKernelSession, type RunningKernelSession } from '../../src/network/kernel/kernel-session.ts';
import { eventually } from '../support/eventually.ts';
import { killProgramsOfThisProcess, NetworkLab } from '../support/network-lab.ts';

const CIDR = '10.96.0.0/16';
const LOOPBACK = '/proc/sys/net/ipv4/conf/docker0/route_localnet';
let lab: NetworkLab;

beforeAll(async () => {
  lab = await NetworkLab.create({ bridgeFiltered: false });
});
afterAll(() => lab.close());

const tables = (): Promise<string> => lab.host.run('nft', 'list', 'tables');
const contentOf = (table: string): Promise<string> => lab.host.run('nft', 'list', 'table', 'ip', table);
const routes = (cidr = CIDR): Promise<string> => lab.host.run('ip', 'route', 'show', 'table', 'local', 'to', 'root', cidr);
const setting = (path: string): Promise<string> => lab.host.run('cat', path);

describe('the table of a home', () => {
  let session: RunningKernelSession;

  beforeAll(async () => {
    session = await openKernelSession({ programs: lab.programs, clusterId: 'one', clock: systemClock, log: silentLogger });
  });
  afterAll(() => session.stop());

  test('is there as soon as the session is', async () => expect(await tables()).toContain('minik-one'));

  test('gets all of a script', async () => {
    await session.run(`add chain ${session.table} one\nadd rule ${session.table} one counter`);
    expect(await contentOf('minik-one')).toContain('counter');
  });

  test('gets nothing of a script that nft refuses, and nft\'s words come back', async () => {
    await expect(session.run(`add chain ${session.table} two\nadd rule ${session.table} absent accept`)).rejects.toThrow(/No such file or directory.*add rule .* absent accept/);
    expect(await contentOf('minik-one')).not.toContain('two');
  });

  test('takes a script of a megabyte', async () => {
    const names = Array.from({ length: 20_000 }, (_, at) => `add chain ${session.table} many-${at}-with-a-longer-name`);
    await session.run(names.join('\n'));
    expect((await contentOf('minik-one')).match(/many-/g)).toHaveLength(20_000);
  });

  test('can be changed by nobody else', async () => {
    await expect(lab.host.run('nft', 'flush', 'table', 'ip', 'minik-one')).rejects.toThrow('Operation not permitted');
  });

  test('comes back empty, and is asked to be filled, when nft is killed', async () => {
    let asked = 0;
    session.whenEmpty(() => (asked += 1));
    killProgramsOfThisProcess('nft');
    await eventually('the table is filled again', async () => asked === 2);
    expect(await contentOf('minik-one')).not.toContain('many-');
    await session.run(`add chain ${session.table} again`);
  });

  test('goes with the session', async () => {
    await session.stop();
    expect(await tables()).not.toContain('minik-one');
  });
});

describe('the keeper', () => {
  const running = new Set<Keeper>();
  const start = async (table: string, change: { readonly serviceCidr?: string; readonly gateway?: string } = {}): Promise<Keeper> => {
    const keeper = await startKeeper({ programs: lab.programs, serviceCidr: CIDR, gateway: lab.host.ip, table, clock: systemClock, ...change });
    running.add(keeper);
    return keeper;
  };
  afterEach(async () => {
    for (const keeper of running) await keeper.stop();
    running.clear();
    expect(await routes()).toBe('');
  });

  test('finds the bridge by its address, and the programs', async () => {
    const { found } = await start('minik-one');
    expect(found.bridge).toEqual({ name: 'docker0', address: `${lab.host.ip}/24` });
    expect([...found.programs]).toEqual(['nft', 'conntrack']);
  });

  test('leads the addresses to this host while it runs', async () => {
    await start('minik-one');
    expect(await routes()).toContain(`local ${CIDR}`);
  });

  test('replaces the route that a keeper that was killed had left', async () => {
    await lab.host.run('ip', 'route', 'add', 'local', CIDR, 'dev', 'lo', 'metric', '77');
    await start('minik-one');
    expect((await routes()).trim().split('\n')).toHaveLength(1);
  });

  test('does not take the route of one that was started later', async () => {
    const earlier = await start('minik-one');
    await start('minik-one');
    await earlier.stop();
    expect((await routes()).trim().split('\n')).toHaveLength(1);
  });

  test('says why it cannot: no such bridge', async () => {
    await expect(start('minik-one', { gateway: '10.1.2.3' })).rejects.toThrow('the route of the Service addresses 10.96.0.0/16 cannot be made: no bridge of this host has the address 10.1.2.3');
  });

  test('says why it cannot: the words of the system', async () => {
    await expect(start('minik-one', { serviceCidr: '10.96.0.1/16' })).rejects.toThrow(/cannot be made: .*Invalid/);
  });

  test('asks for no setting of the bridge that holds for every bridge already', async () => {
    await lab.host.run('sysctl', '-qw', 'net.bridge.bridge-nf-call-iptables=1');
    expect((await start('minik-one')).found.settings.get('bridge')).toBe('everywhere');
    await lab.host.run('sysctl', '-qw', 'net.bridge.bridge-nf-call-iptables=0');
  });

  test('makes a setting only once it is told to, and puts it back', async () => {
    const keeper = await start('minik-one');
    expect(keeper.found.settings.get('loopback')).toBe('lent');
    expect(await setting(LOOPBACK)).toBe('0');
    await keeper.lend();
    expect(await setting(LOOPBACK)).toBe('1');
    await keeper.stop();
    expect(await setting(LOOPBACK)).toBe('0');
  });

  test('leaves a setting alone that was made by somebody else', async () => {
    await lab.host.run('sysctl', '-qw', 'net.ipv4.conf.docker0.route_localnet=1');
    const keeper = await start('minik-one');
    expect(keeper.found.settings.get('loopback')).toBe('on');
    await keeper.stop();
    expect(await setting(LOOPBACK)).toBe('1');
    await lab.host.run('sysctl', '-qw', 'net.ipv4.conf.docker0.route_localnet=0');
  });

  test('lets every port of the bridge send packets back', async () => {
    await lab.pod('any');
    const keeper = await start('minik-one');
    await keeper.allowHairpin();
    expect(await lab.host.run('cat', '/sys/class/net/veth1/brport/hairpin_mode')).toBe('1');
  });
});

describe('the way of a home to the kernel', () => {
  let access: KernelAccess;
  beforeAll(async () => {
    access = lab.access();
    await access.session();
    await eventually('the setting is made', async () => (await setting(LOOPBACK)) === '1');
  });
  afterAll(() => access.stop());

  test('has its route and its settings again when the keeper is killed, and still puts them back', async () => {
    await lab.host.run('ip', 'route', 'del', 'local', CIDR, 'dev', 'lo');
    killProgramsOfThisProcess('sh');
    await eventually('the route is made again', async () => (await routes()) !== '');
    await (await access.routed()).allowHairpin();
    await access.stop();
    expect(await routes()).toBe('');
    expect(await setting(LOOPBACK)).toBe('0');
    expect(await tables()).not.toContain('minik-lab');
  });
});

describe('a process that is killed', () => {
  const holders: ChildProcess[] = [];
  const hold = async (clusterId: string, cidr: string): Promise<ChildProcess> => {
    const holder = spawn('ip', ['netns', 'exec', lab.namespace, process.execPath, `${import.meta.dirname}/../support/kernel-holder.ts`, clusterId, cidr, lab.host.ip], { stdio: ['ignore', 'pipe', 'inherit'] });
    holders.push(holder);
    await once(holder.stdout!, 'data');
    return holder;
  };
  afterAll(() => holders.forEach((holder) => holder.kill('SIGKILL')));

  test('leaves neither table nor route nor setting; what two homes need stays until the second one is gone', async () => {
    const first = await hold('first', '10.97.0.0/16');
    const second = await hold('second', '10.98.0.0/16');
    expect(await tables()).toContain('minik-first');
    expect(await setting(LOOPBACK)).toBe('1');
    first.kill('SIGKILL');
    await eventually('the first has left nothing', async () => !(await tables()).includes('minik-first') && (await routes('10.97.0.0/16')) === '');
    expect(await tables()).toContain('minik-second');
    expect(await setting(LOOPBACK)).toBe('1');
    second.kill('SIGKILL');
    await eventually('the second has left nothing', async () => !(await tables()).includes('minik-second') && (await routes('10.98.0.0/16')) === '' && (await setting(LOOPBACK)) === '0');
  });
});

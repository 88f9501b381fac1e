// Which Service addresses a home gets: claims on the real host, of real homes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { silentLogger } from '../../src/base/log.ts';
import { claimNetwork, type ClaimedNetwork } from '../../src/daemon/cluster-network.ts';
import { homePaths } from '../../src/daemon/paths.ts';
import { eventually } from '../support/eventually.ts';

const SLOT_CLAIM = join(import.meta.dirname, '..', '..', 'src', 'daemon', 'slot-claim.ts');
let root: string;
let claimed: ClaimedNetwork[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'minik-slots-'));
  claimed = [];
});

afterEach(async () => {
  await Promise.all(claimed.map(({ release }) => release()));
  rmSync(root, { recursive: true, force: true });
});

function home(name: string): ReturnType<typeof homePaths> {
  const path = join(root, name);
  if (!existsSync(path)) mkdirSync(path);
  return homePaths({ MINIK_HOME: path });
}

async function claim(name: string, { hasServices = false } = {}): Promise<ClaimedNetwork> {
  const network = await claimNetwork({ paths: home(name), notes: join(root, 'notes'), hasServices: () => hasServices, log: silentLogger });
  claimed.push(network);
  return network;
}

async function release(network: ClaimedNetwork): Promise<void> {
  await network.release();
  claimed = claimed.filter((each) => each !== network);
}

/** Where a home that is not running had its addresses. */
const keep = (name: string, like: string): void => writeFileSync(home(name).network, readFileSync(home(like).network));

describe('a home', () => {
  test('keeps its addresses, which no other home of the host has', async () => {
    const [one, two] = [await claim('one'), await claim('two')];
    expect(one.network.serviceCidr).toMatch(/^10\.\d+\.0\.0\/16$/);
    expect(two.network.serviceCidr).not.toBe(one.network.serviceCidr);
    await release(one);
    expect((await claim('one')).network).toEqual(one.network);
  });

  test('that is stopped gets them back, whoever was started meanwhile', async () => {
    const one = await claim('one');
    await release(one);
    const two = await claim('two');
    expect(two.network).not.toEqual(one.network);
    expect((await claim('one', { hasServices: true })).network).toEqual(one.network);
  });

  test('that is removed leaves them to others', async () => {
    const one = await claim('one');
    await release(one);
    rmSync(home('one').home, { recursive: true });
    expect((await claim('two')).network).toEqual(one.network);
  });

  test('whose addresses another has now takes others while it has no Services', async () => {
    const one = await claim('one');
    keep('late', 'one');
    const late = await claim('late');
    expect(late.network.serviceCidr).not.toBe(one.network.serviceCidr);
    await release(late);
    expect((await claim('late')).network).toEqual(late.network);
  });

  test('whose addresses another has now does not start while it has Services, and says who is in the way', async () => {
    const one = await claim('one');
    keep('late', 'one');
    await expect(claim('late', { hasServices: true })).rejects.toThrow(
      `the minik of ${home('one').home} (pid ${process.pid}) uses the Service addresses of ${home('late').home}, ${one.network.serviceCidr}, and addresses of Services cannot change while there are Services: stop it (MINIK_HOME=${home('one').home} minik stop), or remove everything of this home (minik reset)`,
    );
    await release(one);
    expect((await claim('late', { hasServices: true })).network).toEqual(one.network);
  });

  test.each(['', 'not JSON', '{"slot": 99}', '{"slot": -1}', '{"slot": "x"}'])('whose note of its addresses is %j takes new ones', async (text) => {
    writeFileSync(home('one').network, text);
    expect((await claim('one')).network.serviceCidr).toMatch(/^10\./);
  });
});

test('a daemon that is killed holds nothing', async () => {
  const first = await claim('one');
  const slot = Number(first.network.serviceCidr.split('.')[1]) - 96;
  await release(first);
  const script = `const { claimSlot } = await import(${JSON.stringify(SLOT_CLAIM)}); if (await claimSlot(${slot}, { home: '/elsewhere', pid: process.pid })) console.log('held');`;
  const other = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(other.stdout, 'data');
  await expect(claim('one', { hasServices: true })).rejects.toThrow(`the minik of /elsewhere (pid ${other.pid}) uses`);
  other.kill('SIGKILL');
  await once(other, 'exit');
  await eventually('the slot is free', async () => claim('one', { hasServices: true }));
});

import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostResolvers } from '../../../src/network/dns/host-resolvers.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'minik-resolvers-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('the host\'s resolvers are those of its resolv.conf now, never this server itself', async () => {
  const path = join(folder, 'resolv.conf');
  const clock = new VirtualClock();
  let changes = 0;
  const resolvers = new HostResolvers({ path, own: ['10.96.0.10'], clock, onChange: () => (changes += 1) });
  const ips = async (): Promise<readonly string[]> => (await resolvers.servers()).map(({ ip, port }) => `${ip}:${port}`);
  expect(await ips()).toEqual([]);
  await writeFile(path, 'nameserver 127.0.0.53\n');
  await clock.advance(1_000);
  expect(await ips()).toEqual(['127.0.0.53:53']);
  await writeFile(path, '# home\nnameserver 10.96.0.10\nnameserver 192.0.2.1\nnameserver fe80::1\nnameserver nonsense\n');
  expect(await ips()).toEqual(['127.0.0.53:53']);
  await clock.advance(1_000);
  expect(await ips()).toEqual(['192.0.2.1:53', 'fe80::1:53']);
  await rm(path);
  await clock.advance(1_000);
  expect(await ips()).toEqual([]);
  expect(changes).toBe(3);
});

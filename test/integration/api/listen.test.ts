// The HTTP adapter on a real socket: what no handler sees.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CONFIG_MAPS } from '../../../src/api/kinds.ts';
import { listen, type Listener } from '../../../src/apiserver/listen.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { createHttpClient, type HttpClient } from '../../../src/client/http-client.ts';
import { startApi, type TestApi } from '../../support/api.ts';

let folder: string;
let api: TestApi;
let listener: Listener;
let client: HttpClient;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'minik-listen-'));
  const socketPath = join(folder, 'api.sock');
  api = await startApi();
  listener = await listen({ handle: api.handle, log: silentLogger, clock: systemClock, at: { socketPath }, authenticate: () => ({ username: 'test' }) });
  client = createHttpClient({ socketPath });
});

afterEach(async () => {
  client.close();
  await listener.close();
  await api.close();
  rmSync(folder, { recursive: true });
});

const map = (name: string, bytes: number) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data: { text: 'x'.repeat(bytes) } });

test.each([4, 12, 40])('a body of %i MiB is answered with 413, again and again', async (mebibytes) => {
  for (let round = 0; round < 3; round += 1) {
    await expect(client.create(CONFIG_MAPS, map('big', mebibytes * 1024 * 1024))).rejects.toMatchObject({ code: 413, reason: 'RequestEntityTooLarge' });
  }
  expect((await client.create(CONFIG_MAPS, map('small', 10))).metadata?.name).toBe('small');
});

test('objects go through unharmed, whatever their letters', async () => {
  const data = { text: 'ü 漢 \u{1f600} \u0000 \n' };
  await client.create(CONFIG_MAPS, { ...map('letters', 0), data });
  expect((await client.get(CONFIG_MAPS, { namespace: 'default', name: 'letters' })).data).toEqual(data);
});

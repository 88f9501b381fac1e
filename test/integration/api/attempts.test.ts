// minik's own endpoints: attempts of containers from an archive on the disk, through the API server and the reader.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DEFAULT_ATTEMPT_LIMITS } from '../../../src/api/attempt/attempt-limits.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { createAttemptReader, NoAttemptsError, type AttemptReader } from '../../../src/client/attempts.ts';
import { AttemptArchive } from '../../../src/kubelet/archive/attempt-archive.ts';
import { createAttemptSource } from '../../../src/kubelet/archive/attempt-source.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { attempt } from '../../support/attempts.ts';
import { FakeRuntime } from '../../support/fake-runtime.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const LOG = '2026-01-01T00:00:01.000000000Z one\n2026-01-01T00:00:02.000000000Z two\n2026-01-01T00:00:03.000000000Z three\n';

let folder: string;
let api: TestApi;
let reader: AttemptReader;
let archive: AttemptArchive;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'minik-archive-'));
  const clock = new VirtualClock();
  archive = new AttemptArchive({ folder, limits: DEFAULT_ATTEMPT_LIMITS, clock, log: silentLogger });
  api = await startApi({ clock, attempts: createAttemptSource({ archive, runtime: new FakeRuntime(clock), live: () => [] }) });
  reader = createAttemptReader(api.client);
});

afterEach(async () => {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

const keep = (change: Parameters<typeof attempt>[0], log = '') => archive.keep(attempt(change), new TextEncoder().encode(log));

describe('the list of attempts', () => {
  test('is empty where nothing was kept', async () => {
    expect(await reader.list({ namespace: 'default' })).toEqual([]);
  });

  test('has those of the namespace, the Job and the Pod that were asked for, in order of their start', async () => {
    const job = { name: 'pi', uid: 'job-1' };
    await keep({ restart: 1, startedAt: '2026-01-01T00:01:00.000Z', job });
    await keep({ restart: 0, job });
    await keep({ podUid: 'uid-2', pod: 'web', startedAt: '2026-01-01T00:00:30.000Z' });
    await keep({ podUid: 'uid-3', pod: 'web', namespace: 'other' });
    const seen = async (query: Parameters<AttemptReader['list']>[0]) => (await reader.list(query)).map(({ podUid, restart }) => `${podUid}/${restart}`);
    expect(await seen({ namespace: 'default' })).toEqual(['uid-1/0', 'uid-2/0', 'uid-1/1']);
    expect(await seen({ namespace: 'default', job: 'pi' })).toEqual(['uid-1/0', 'uid-1/1']);
    expect(await seen({ namespace: 'other', pod: 'web' })).toEqual(['uid-3/0']);
  });
});

describe('the log of an attempt', () => {
  test.each([
    { asked: {}, shown: 'one\ntwo\nthree\n' },
    { asked: { timestamps: true, tailLines: 1 }, shown: '2026-01-01T00:00:03.000000000Z three\n' },
    { asked: { sinceTime: '2026-01-01T00:00:02Z' }, shown: 'two\nthree\n' },
    { asked: { tailLines: 2, limitBytes: 5 }, shown: 'two\nt' },
  ])('comes as the Pod log API gives it: $asked', async ({ asked, shown }) => {
    await keep({}, LOG);
    expect(await reader.log(attempt(), asked)).toBe(shown);
  });

  test('is empty when the container wrote none', async () => {
    await keep({});
    expect(await reader.log(attempt())).toBe('');
  });

  test('of an attempt that nobody knows is not found', async () => {
    await expect(reader.log(attempt({ restart: 7 }))).rejects.toThrow('there is no attempt with restart 7 of container "main" in the pod with uid "uid-1"');
  });

  test.each(['/minik/v1/attempts/uid-1', '/minik/v1/attempts/uid-1/main/x/log', '/minik/v1/attempts/uid-1/main/0', '/minik/v1/attempts/uid-1/main/0/log/more', '/minik/v1/attempts/%E0/main/0/log', '/minik/v1/attempt'])(
    'is not found at %s',
    async (path) => {
      await expect(api.client.request({ path })).rejects.toMatchObject({ code: 404 });
    },
  );

  test('is only read', async () => {
    await expect(api.client.request({ method: 'DELETE', path: '/minik/v1/attempts' })).rejects.toMatchObject({ code: 404 });
  });
});

test('a server without the endpoint is told to keep no attempts', async () => {
  const other = createAttemptReader({ ...api.client, request: () => api.client.request({ path: '/no/such/path' }) });
  await expect(other.list({ namespace: 'default' })).rejects.toThrow(NoAttemptsError);
});

// The engine's account of a container, as the port's ContainerState.
import { describe, expect, test } from '@jest/globals';
import { identityLabels } from '../../../../../src/kubelet/runtime/docker/labels.ts';
import { parseContainer, parseImage } from '../../../../../src/kubelet/runtime/docker/parse-inspect.ts';

const identity = { namespace: 'default', pod: 'p', podUid: 'u', container: 'main', attempt: 1 };
const NEVER = '0001-01-01T00:00:00Z';

const created = {
  Id: 'abc',
  Created: '2026-01-02T03:04:05.123456789Z',
  Image: 'sha256:1',
  LogPath: '/log',
  Config: { Image: 'busybox', Labels: identityLabels('c1', identity) },
  State: { Status: 'created', ExitCode: 0, OOMKilled: false, Error: '', StartedAt: NEVER, FinishedAt: NEVER },
  NetworkSettings: { Networks: { bridge: { IPAddress: '' } } },
};

const withState = (state: object, ip = ''): unknown => ({
  ...created,
  State: { ...created.State, ...state },
  NetworkSettings: { Networks: { bridge: { IPAddress: ip } } },
});

describe('containers', () => {
  test('one that has not run yet', () => {
    expect(parseContainer('c1', created)).toEqual({
      id: 'abc',
      identity,
      labels: created.Config.Labels,
      image: 'busybox',
      imageId: 'sha256:1',
      phase: 'created',
      createdAt: Date.UTC(2026, 0, 2, 3, 4, 5, 123),
      startedAt: 0,
      finishedAt: 0,
      exitCode: 0,
      oomKilled: false,
      resources: {},
      error: '',
      ip: '',
      logPath: '/log',
    });
  });

  test.each<[title: string, host: object, resources: object]>([
    ['no limits', { Memory: 0, CpuQuota: 0, CpuShares: 0 }, {}],
    ['limits', { Memory: 67_108_864, CpuQuota: 15_000, CpuPeriod: 100_000 }, { memoryLimitBytes: 67_108_864, cpuLimitMillis: 150 }],
    ['shares, which were rounded down', { CpuShares: 102 }, { cpuRequestMillis: 100 }],
  ])('one that is held to %s', (_title, host, resources) => {
    expect(parseContainer('c1', { ...created, HostConfig: host })?.resources).toEqual(resources);
  });

  test.each<[string, object, object]>([
    ['created', { Status: 'created' }, { phase: 'created' }],
    ['running', { Status: 'running', StartedAt: '2026-01-01T00:00:00Z' }, { phase: 'running', startedAt: Date.UTC(2026, 0, 1), ip: '172.17.0.2' }],
    ['paused', { Status: 'paused' }, { phase: 'running' }],
    ['restarting', { Status: 'restarting' }, { phase: 'running' }],
    ['exited', { Status: 'exited', ExitCode: 3, FinishedAt: '2026-01-01T00:00:01.5Z' }, { phase: 'exited', exitCode: 3, finishedAt: Date.UTC(2026, 0, 1, 0, 0, 1, 500), ip: '' }],
    ['killed for memory', { Status: 'exited', ExitCode: 137, OOMKilled: true }, { phase: 'exited', exitCode: 137, oomKilled: true }],
    [
      'over before the engine had noted its start',
      { Status: 'exited', StartedAt: '2026-01-01T00:00:00.451Z', FinishedAt: '2026-01-01T00:00:00.448Z' },
      { startedAt: Date.UTC(2026, 0, 1, 0, 0, 0, 448), finishedAt: Date.UTC(2026, 0, 1, 0, 0, 0, 448) },
    ],
    ['half removed', { Status: 'dead', ExitCode: 1 }, { phase: 'exited', exitCode: 1 }],
    ['being removed', { Status: 'removing' }, { phase: 'exited' }],
    ['never startable', { Status: 'created', ExitCode: 127, Error: 'no such file' }, { phase: 'created', exitCode: 127, error: 'no such file' }],
  ])('one that is %s', (_is, state, expected) => {
    expect(parseContainer('c1', withState(state, '172.17.0.2'))).toMatchObject(expected);
  });

  test.each<[string, unknown]>([
    ['of another cluster', { ...created, Config: { Labels: identityLabels('c2', identity) } }],
    ['of somebody else', { ...created, Config: { Labels: null } }],
    ['that is no container at all', 'nonsense'],
  ])('one %s is not seen', (_is, json) => {
    expect(parseContainer('c1', json)).toBeUndefined();
  });
});

test('images keep their names, but not the placeholders for none', () => {
  const json = { Id: 'sha256:1', RepoTags: ['a:1', '<none>:<none>'], RepoDigests: ['<none>@<none>', 'a@sha256:2'], Size: 7, Config: { User: 'app' } };
  expect(parseImage(json)).toEqual({ id: 'sha256:1', tags: ['a:1'], digests: ['a@sha256:2'], sizeBytes: 7, user: 'app' });
  expect(parseImage({ Id: 'x', RepoTags: null })).toEqual({ id: 'x', tags: [], digests: [], sizeBytes: 0, user: '' });
});

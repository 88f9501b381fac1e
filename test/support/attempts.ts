// Attempts for tests.
import type { Attempt } from '../../src/api/attempt/attempt.ts';

export function attempt(change: Partial<Attempt> = {}): Attempt {
  return {
    namespace: 'default',
    pod: 'pi-abcde',
    podUid: 'uid-1',
    container: 'main',
    restart: 0,
    isInit: false,
    isDefault: true,
    image: 'busybox',
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T00:00:05.000Z',
    exitCode: 1,
    reason: 'Error',
    logBytes: 0,
    isTruncated: false,
    isArchived: true,
    ...change,
  };
}

// Runs that nobody saw while they were followed are added from what the server has kept; what was seen is never changed.
import { describe, expect, test } from '@jest/globals';
import type { Attempt } from '../../../../src/api/attempt/attempt.ts';
import { addArchived } from '../../../../src/cli/job-run/archived-run.ts';
import type { ContainerAttempt, PodRun } from '../../../../src/cli/job-run/pod-run.ts';

const kept = (changes: Partial<Attempt> = {}): Attempt => ({ namespace: 'default', pod: 'x-1', podUid: 'u', container: 'main', restart: 0, isInit: false, isDefault: true, image: 'i', exitCode: 3, logBytes: 0, isTruncated: false, isArchived: true, ...changes });
const seen = (changes: Partial<ContainerAttempt> = {}): ContainerAttempt => ({ container: 'main', role: 'app', restart: 0, containerID: 'c', stopped: false, ...changes });
const pod = (attempts: ContainerAttempt[], deleted = false): PodRun => ({ name: 'x-1', uid: 'u', phase: 'Running', deleted, attempts });

describe('a kept attempt', () => {
  test('of a Pod that was never seen makes one', () => {
    expect(addArchived(undefined, kept({ job: { name: 'x', uid: 'j', index: 2 } }))).toEqual({ name: 'x-1', uid: 'u', index: 2, phase: 'Unknown', deleted: true, attempts: [seen({ containerID: '', exitCode: 3 })] });
  });

  test.each<[string, ContainerAttempt[], Partial<Attempt>, ContainerAttempt[]]>([
    ['adds a run', [seen({ exitCode: 1 })], { restart: 1 }, [seen({ exitCode: 1 }), seen({ restart: 1, containerID: '', exitCode: 3 })]],
    ['tells the end of a run that was seen running', [seen()], {}, [seen({ exitCode: 3 })]],
    ['changes nothing that was seen', [seen({ exitCode: 1 })], {}, [seen({ exitCode: 1 })]],
    ['that still runs changes nothing', [], { exitCode: undefined }, []],
    ['leaves a sidecar a sidecar', [seen({ role: 'sidecar' })], { isInit: true }, [seen({ role: 'sidecar', exitCode: 3 })]],
    ['may be an init container', [], { isInit: true }, [seen({ role: 'init', containerID: '', exitCode: 3 })]],
  ])('%s', (_name, before, changes, after) => {
    expect(addArchived(pod(before), kept(changes)).attempts).toEqual(after);
  });

  test.each([
    [143, true, true],
    [137, true, true],
    [3, true, false],
    [143, false, false],
  ])('that exited with %i in a Pod that was deleted (%s) was stopped: %s', (exitCode, deleted, stopped) => {
    expect(addArchived(pod([], deleted), kept({ exitCode })).attempts[0]?.stopped).toBe(stopped);
  });
});

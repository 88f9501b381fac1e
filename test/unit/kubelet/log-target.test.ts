import { describe, expect, test } from '@jest/globals';
import type { ContainerState as StatusState, Pod } from '../../../src/api/generated/types.ts';
import { logTarget, type LogRequest } from '../../../src/kubelet/log-target.ts';
import type { ContainerState } from '../../../src/kubelet/runtime/container-runtime.ts';
import { aContainer, anExit, aPod, aRun } from '../../support/pod-seen.ts';

const one = aPod();
const two = aPod({ containers: [aContainer('a'), aContainer('b')], initContainers: [aContainer('i')] });
const waiting = (state: StatusState): Pod => ({ ...one, status: { containerStatuses: [{ name: 'c', image: '', imageID: '', ready: false, restartCount: 1, state }] } });

function answer(request: Partial<LogRequest>, containers: readonly ContainerState[] = []): string {
  const target = logTarget({ pod: one, container: '', previous: false, ...request }, containers);
  return 'id' in target ? target.id : `${target.error.code} ${target.error.message}`;
}

describe('logTarget', () => {
  const rows: Record<string, readonly [Partial<LogRequest>, readonly ContainerState[], string]> = {
    'the only container': [{}, [aRun('c')], 'c-0'],
    'its newest run': [{}, [anExit('c', 1), aRun('c', { attempt: 1 })], 'c-1'],
    'its last run while the next is only created': [{}, [anExit('c', 1), aRun('c', { attempt: 1, phase: 'created' })], 'c-0'],
    'the run before': [{ previous: true }, [anExit('c', 1), aRun('c', { attempt: 1 })], 'c-0'],
    'the last run while the next waits': [{ previous: true, pod: waiting({ waiting: { reason: 'CrashLoopBackOff' } }) }, [anExit('c', 1)], 'c-0'],
    'no run before': [{ previous: true }, [aRun('c')], '400 previous terminated container "c" in pod "p" not found'],
    'one of several': [{ pod: two, container: 'b' }, [aRun('a'), aRun('b')], 'b-0'],
    'none of several named': [{ pod: two }, [], '400 a container name must be specified for pod p, choose one of: [a b] or one of the init containers: [i]'],
    'the default of several': [{ pod: { ...two, metadata: { ...two.metadata, annotations: { 'kubectl.kubernetes.io/default-container': 'b' } } } }, [aRun('b')], 'b-0'],
    'an init container': [{ pod: two, container: 'i' }, [anExit('i', 0)], 'i-0'],
    'a name that is not there': [{ container: 'x' }, [], '400 container x is not valid for pod p'],
    'not started yet': [{}, [], '400 container "c" in pod "p" is waiting to start: ContainerCreating'],
    'a pull that fails': [{ pod: waiting({ waiting: { reason: 'ImagePullBackOff' } }) }, [], '400 container "c" in pod "p" is waiting to start: trying and failing to pull image'],
    'a pull that failed': [{ pod: waiting({ waiting: { reason: 'ErrImagePull' } }) }, [], '400 container "c" in pod "p" is waiting to start: image can\'t be pulled'],
    'ended, and its container is gone': [{ pod: waiting({ terminated: { exitCode: 0 } }) }, [], '400 container "c" in pod "p" is terminated'],
  };

  test.each(Object.entries(rows))('%s', (_title, [request, containers, wants]) => {
    expect(answer(request, containers)).toBe(wants);
  });
});

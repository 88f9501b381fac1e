// The kubelet on the real API and store, with the fake runtime and a clock that the test moves.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CONFIG_MAPS, EVENTS, NODES, PODS, RUNTIME_CLASSES, SECRETS } from '../../src/api/kinds.ts';
import { RuntimeError } from '../../src/kubelet/runtime/container-runtime.ts';
import { KubeletBench, NODE } from '../support/kubelet-bench.ts';
import { settle, soon } from '../support/virtual-clock.ts';

let bench: KubeletBench;
const namespace = 'default';

beforeEach(async () => {
  bench = await KubeletBench.start();
});

afterEach(async () => {
  await bench.close();
});

const sh = (name: string, script: string) => ({ name, image: 'busybox', imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', script] });
/** The container of a running Pod that may take 16 Mi. */
const runningHog = async (name: string): Promise<{ id: string }> => {
  await bench.createPodOf(name, { containers: [{ ...sh('main', 'sleep 100'), resources: { limits: { memory: '16Mi' } } }] });
  await bench.untilPhase(name, 'Running');
  return bench.runtime.containers[0]!;
};
const mains = (): number => bench.runtime.starts.filter((start) => start.includes('/main/')).length;
const waitingReason = (pod: { status?: { containerStatuses?: { state?: { waiting?: { reason?: string } } }[] } }): string | undefined =>
  pod.status?.containerStatuses?.[0]?.state?.waiting?.reason;

describe('a Pod that runs once', () => {
  test('succeeds, with exit code, times, address and events', async () => {
    await bench.createPod('one', 'echo hello; sleep 5');
    const running = await bench.untilPhase('one', 'Running');
    expect(running.status?.containerStatuses?.[0]).toMatchObject({ ready: true, started: true, restartCount: 0 });
    expect(running.status?.podIP).toMatch(/^172\.17\./);
    await bench.clock.advance(5_000);
    const { status } = await bench.untilPhase('one', 'Succeeded');
    expect(status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' });
    expect(status?.containerStatuses?.[0]?.state?.terminated?.containerID).toMatch(/^fake:\/\//);
    expect(status?.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({ status: 'False', reason: 'PodCompleted' });
    expect(status?.podIP).toBe(running.status?.podIP);
    await soon('events', async () => (await bench.events('one')).length === 3);
    expect(await bench.events('one')).toEqual([
      'Normal Pulled Container image "busybox" already present on machine',
      'Normal Created Container created',
      'Normal Started Container started',
    ]);
    expect(bench.runtime.starts).toEqual(['one/main/0']);
  });

  test('is told to have succeeded by the event of its end, before the engine answers questions again', async () => {
    bench.runtime.failNext('inspect', 'hang');
    await bench.createPod('quick', 'echo done > /dev/termination-log');
    const { status } = await bench.untilPhase('quick', 'Succeeded');
    expect(status?.containerStatuses?.[0]).toMatchObject({ state: { terminated: { exitCode: 0, message: 'done\n' } }, imageID: 'fake://sha256:busybox:latest' });
  });

  test('has its address also when it was over before anybody could look', async () => {
    await bench.createPod('flash', 'exit 3');
    const { status } = await bench.until('flash', 'flash has an address', ({ status }) => status?.podIP !== undefined);
    expect(status).toMatchObject({ phase: 'Failed', podIP: expect.stringMatching(/^172\.17\./), podIPs: [{ ip: status?.podIP }] });
    expect(bench.runtime.calls.filter((call) => call === 'lastIp')).toHaveLength(1);
  });

  test('ends without an address when nobody can tell it', async () => {
    bench.runtime.failNext('lastIp', new RuntimeError('Failed', 'the hosts file is gone'));
    await bench.createPod('flash', 'true');
    expect((await bench.untilPhase('flash', 'Succeeded')).status?.podIP).toBeUndefined();
  });

  test('fails with the exit code of its container and is not run again', async () => {
    await bench.createPod('bad', 'exit 3');
    const { status } = await bench.untilPhase('bad', 'Failed');
    expect(status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 3, reason: 'Error' });
    await bench.clock.advance(3_600_000);
    expect(bench.runtime.starts).toEqual(['bad/main/0']);
  });

  test('keeps its log and its container until it is deleted, and then leaves nothing', async () => {
    await bench.createPod('logged', 'echo one; echo two >&2');
    const pod = await bench.untilPhase('logged', 'Succeeded');
    const { signal } = new AbortController();
    const chunks = await bench.kubelet.logs({ pod, container: '', follow: false, previous: false, timestamps: false, signal });
    expect(Buffer.concat(await Array.fromAsync(chunks)).toString()).toBe('one\ntwo\n');
    await bench.api.client.delete(PODS, { namespace, name: 'logged' });
    await bench.untilGone('logged');
    await soon('no container is left', () => bench.runtime.containers.length === 0);
  });

  test('leaves the message that its container wrote', async () => {
    await bench.createPod('message', 'echo why it ended > /dev/termination-log; exit 1');
    const { status } = await bench.untilPhase('message', 'Failed');
    expect(status?.containerStatuses?.[0]?.state?.terminated?.message).toBe('why it ended\n');
  });

  test('fails as StartError, with the words of the engine, when its command is not there', async () => {
    await bench.createPodOf('absent', { containers: [{ ...sh('main', ''), command: ['no-such-program'] }] });
    const { status } = await bench.untilPhase('absent', 'Failed');
    const terminated = status?.containerStatuses?.[0]?.state?.terminated;
    expect(terminated).toMatchObject({ exitCode: 127, reason: 'StartError' });
    expect(terminated?.message).toContain('executable file not found in $PATH');
    expect(bench.runtime.starts).toEqual([]);
  });

  test('is told to have been killed for its memory', async () => {
    await bench.createPod('hog', 'hog');
    const { status } = await bench.untilPhase('hog', 'Failed');
    expect(status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
  });

  test('is told so, too, when the engine hears of it after the exit', async () => {
    const { id } = await runningHog('late-hog');
    bench.runtime.killFromOutside(id);
    await settle();
    bench.runtime.tellOfMemory(id);
    const { status } = await bench.untilPhase('late-hog', 'Failed');
    expect(status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
  });

  test('is told to have failed when no word of memory comes after all', async () => {
    const { id } = await runningHog('killed');
    bench.runtime.killFromOutside(id);
    await settle();
    expect((await bench.pod('killed')).status?.phase).toBe('Running');
    await bench.clock.advance(2_000);
    const { status } = await bench.untilPhase('killed', 'Failed');
    expect(status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 137, reason: 'Error' });
  });

  test('fails at its active deadline, whatever its containers say', async () => {
    await bench.createPod('late', "trap 'exit 0' TERM; sleep 100", { activeDeadlineSeconds: 10 });
    await bench.untilPhase('late', 'Running');
    await bench.clock.advance(10_000);
    const { status } = await bench.untilPhase('late', 'Failed');
    expect(status).toMatchObject({ reason: 'DeadlineExceeded', message: 'Pod was active on the node longer than the specified deadline' });
  });
});

describe('restarts', () => {
  test('come at once, then after 10, 20, 40 ... 300 seconds', async () => {
    await bench.createPod('again', 'exit 1', { restartPolicy: 'OnFailure' });
    await soon('the first restart', () => mains() === 2);
    for (const [at, seconds] of [10, 20, 40, 80, 160, 300, 300].entries()) {
      const waiting = await bench.until('again', 'waits', (pod) => waitingReason(pod) === 'CrashLoopBackOff' && pod.status?.containerStatuses?.[0]?.restartCount === at + 1);
      const { state, lastState } = waiting.status!.containerStatuses![0]!;
      expect(state?.waiting?.message).toMatch(/^back-off (\d+m)?\d+s restarting failed container=main pod=again_default\(/);
      expect(lastState?.terminated).toMatchObject({ exitCode: 1 });
      await settle();
      await bench.clock.advance(seconds * 1_000 - 1);
      expect(mains()).toBe(at + 2);
      await bench.clock.advance(1);
      await soon('the next start', () => mains() === at + 3);
    }
    const attempts = bench.runtime.containers.filter(({ identity }) => identity.container === 'main');
    expect(attempts.length).toBeLessThanOrEqual(3);
    expect(await bench.events('again')).toContain(`Warning BackOff Back-off restarting failed container main in pod again_default(${(await bench.pod('again')).metadata?.uid})`);
  });

  test('begin from the start after a run of ten minutes', async () => {
    await bench.createPod('long', 'sleep 601; exit 1', { restartPolicy: 'Always' });
    for (let run = 1; run <= 3; run += 1) {
      await soon(`start ${run}`, () => mains() === run);
      await bench.untilPhase('long', 'Running');
      await settle();
      await bench.clock.advance(601_000);
    }
    await soon('start 4', () => mains() === 4);
  });

  test('stop after success under OnFailure', async () => {
    await bench.createPod('done', 'exit 0', { restartPolicy: 'OnFailure' });
    await bench.untilPhase('done', 'Succeeded');
    expect(bench.runtime.starts).toEqual(['done/POD/0', 'done/main/0']);
  });

  test('keep the address of the Pod and the log of the run before', async () => {
    await bench.createPod('steady', 'echo run; sleep 700; exit 1', { restartPolicy: 'Always' });
    const before = await bench.untilPhase('steady', 'Running');
    await settle();
    await bench.clock.advance(700_000);
    const after = await bench.until('steady', 'restarted', (pod) => pod.status?.containerStatuses?.[0]?.restartCount === 1 && pod.status.containerStatuses[0].ready);
    expect(after.status?.podIP).toBe(before.status?.podIP);
    const { signal } = new AbortController();
    const chunks = await bench.kubelet.logs({ pod: after, container: '', follow: false, previous: true, timestamps: false, signal });
    expect(Buffer.concat(await Array.fromAsync(chunks)).toString()).toBe('run\n');
  });
});

describe('several containers', () => {
  test('share one network and end the Pod when all have ended', async () => {
    await bench.createPodOf('pair', { containers: [sh('a', 'sleep 1'), sh('b', 'sleep 2; exit 4')] });
    await bench.untilPhase('pair', 'Running');
    const [sandbox, a, b] = bench.runtime.containers;
    expect(sandbox?.identity.container).toBe('POD');
    for (const container of [a, b]) expect(bench.runtime.specOf(container!.id).network).toEqual({ type: 'join', containerId: sandbox!.id });
    await bench.clock.advance(2_000);
    await bench.untilPhase('pair', 'Failed');
    await soon('the sandbox is gone', () => bench.runtime.containers.every(({ identity }) => identity.container !== 'POD'));
  });

  test('start after their init containers, one by one', async () => {
    await bench.createPodOf('staged', { initContainers: [sh('i1', 'sleep 1'), sh('i2', 'sleep 1')], containers: [sh('main', 'true')] });
    const pending = await bench.until('staged', 'initializing', (pod) => pod.status?.initContainerStatuses?.[0]?.state?.running !== undefined);
    expect(waitingReason(pending)).toBe('PodInitializing');
    expect(pending.status?.phase).toBe('Pending');
    await settle();
    await bench.clock.advance(1_000);
    await soon('i2', () => bench.runtime.starts.includes('staged/i2/0'));
    await bench.until('staged', 'i2 runs', (pod) => pod.status?.initContainerStatuses?.[1]?.state?.running !== undefined);
    await settle();
    await bench.clock.advance(1_000);
    await bench.untilPhase('staged', 'Succeeded');
    expect(bench.runtime.starts).toEqual(['staged/POD/0', 'staged/i1/0', 'staged/i2/0', 'staged/main/0']);
  });

  test('never start when an init container fails for good', async () => {
    await bench.createPodOf('broken', { initContainers: [sh('i1', 'exit 1')], containers: [sh('main', 'true')] });
    const { status } = await bench.untilPhase('broken', 'Failed');
    expect(status?.containerStatuses?.[0]?.state?.waiting?.reason).toBe('PodInitializing');
    expect(status?.conditions?.find(({ type }) => type === 'Initialized')).toMatchObject({
      status: 'False',
      message: 'containers with incomplete status: [i1]',
    });
  });

  test('go on beside a sidecar, which is stopped when they are done', async () => {
    const sidecar = { ...sh('side', "trap 'exit 9' TERM; sleep 1000"), restartPolicy: 'Always' };
    await bench.createPodOf('aided', { initContainers: [sidecar], containers: [sh('main', 'sleep 1')] });
    await bench.untilPhase('aided', 'Running');
    await settle();
    await bench.clock.advance(1_000);
    const { status } = await bench.untilPhase('aided', 'Succeeded');
    expect(status?.initContainerStatuses?.[0]?.state?.terminated?.exitCode).toBe(9);
  });
});

describe('images', () => {
  const once = (name: string, image: string, imagePullPolicy: string) =>
    bench.createPodOf(name, { containers: [{ ...sh('main', 'sleep 1'), image, imagePullPolicy }] });

  test('are pulled when they are not here', async () => {
    bench.runtime.serve('example.org/app:1', {});
    await once('pulls', 'example.org/app:1', 'IfNotPresent');
    await bench.untilPhase('pulls', 'Running');
    await soon('events', async () => (await bench.events('pulls')).length === 4);
    expect((await bench.events('pulls')).slice(0, 2)).toEqual([
      'Normal Pulling Pulling image "example.org/app:1"',
      'Normal Pulled Successfully pulled image "example.org/app:1" in 0s (0s including waiting). Image size: 2000 bytes.',
    ]);
  });

  test('that no registry has give ErrImagePull, then ImagePullBackOff, and are tried again', async () => {
    bench.runtime.serve('example.org/app:1', new RuntimeError('PullFailed', 'manifest unknown'));
    await once('unknown', 'example.org/app:1', 'IfNotPresent');
    await bench.until('unknown', 'ErrImagePull', (pod) => waitingReason(pod) === 'ErrImagePull');
    await settle();
    await bench.clock.advance(2_000);
    const waiting = await bench.until('unknown', 'ImagePullBackOff', (pod) => waitingReason(pod) === 'ImagePullBackOff');
    expect(waiting.status?.containerStatuses?.[0]?.state?.waiting?.message).toBe('Back-off pulling image "example.org/app:1": ErrImagePull: manifest unknown');
    bench.runtime.serve('example.org/app:1', {});
    await settle();
    await bench.clock.advance(8_000);
    await bench.untilPhase('unknown', 'Running');
    expect(await bench.events('unknown')).toEqual(
      expect.arrayContaining([
        'Warning Failed Failed to pull image "example.org/app:1": manifest unknown',
        'Warning Failed Error: ErrImagePull',
        'Normal BackOff Back-off pulling image "example.org/app:1"',
        'Warning Failed Error: ImagePullBackOff',
      ]),
    );
  });

  test('that are here serve where no registry answers, and an event says so', async () => {
    await once('offline', 'busybox', 'Always');
    await bench.untilPhase('offline', 'Running');
    expect(await bench.events('offline')).toContainEqual(expect.stringMatching(/^Warning ImagePullFallback .*"busybox".*copy already present on machine is used: .*no such host/));
  });

  test('of policy Never that are not here give ErrImageNeverPull', async () => {
    await once('never', 'nowhere:1', 'Never');
    const pod = await bench.until('never', 'waits', (seen) => waitingReason(seen) === 'ErrImageNeverPull');
    expect(pod.status?.phase).toBe('Pending');
  });

  test('with a bad name give InvalidImageName', async () => {
    await bench.createPodOf('upper', { containers: [{ ...sh('main', 'true'), image: 'UPPER:1' }] });
    const pod = await bench.until('upper', 'waits', (seen) => waitingReason(seen) === 'InvalidImageName');
    expect(pod.status?.containerStatuses?.[0]?.state?.waiting?.message).toMatch(/^Failed to apply default image tag "UPPER:1": /);
  });
});

describe('configuration', () => {
  test('that is missing holds the container until it is there', async () => {
    const env = [{ name: 'WORD', valueFrom: { configMapKeyRef: { name: 'words', key: 'word' } } }];
    await bench.createPodOf('needs', { containers: [{ ...sh('main', 'echo $WORD'), env }] });
    const waiting = await bench.until('needs', 'waits', (pod) => waitingReason(pod) === 'CreateContainerConfigError');
    expect(waiting.status?.containerStatuses?.[0]?.state?.waiting?.message).toBe('configmap "words" not found');
    await bench.api.client.create(CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'words', namespace }, data: { word: 'hi' } });
    const pod = await bench.untilPhase('needs', 'Succeeded');
    const { signal } = new AbortController();
    const chunks = await bench.kubelet.logs({ pod, container: 'main', follow: false, previous: false, timestamps: false, signal });
    expect(Buffer.concat(await Array.fromAsync(chunks)).toString()).toBe('hi\n');
  });

  test('volumes wait for their Secret, then follow it', async () => {
    const { readFileSync } = await import('node:fs');
    const volumes = [{ name: 'keys', secret: { secretName: 'keys' } }];
    await bench.createPodOf('mounts', { volumes, containers: [{ ...sh('main', 'sleep 100'), volumeMounts: [{ name: 'keys', mountPath: '/keys' }] }] });
    await soon('FailedMount', async () => (await bench.events('mounts')).includes('Warning FailedMount MountVolume.SetUp failed for volume "keys" : secret "keys" not found'));
    expect(waitingReason(await bench.pod('mounts'))).toBe('ContainerCreating');
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys', namespace } };
    await bench.api.client.create(SECRETS, { ...secret, data: { key: btoa('one') } });
    await bench.untilPhase('mounts', 'Running');
    const main = bench.runtime.containers.find(({ identity }) => identity.container === 'main')!;
    const mount = bench.runtime.specOf(main.id).mounts.find(({ containerPath }) => containerPath === '/keys')!;
    expect(mount.readOnly).toBe(true);
    expect(readFileSync(`${mount.hostPath}/key`, 'utf8')).toBe('one');
    await bench.api.client.update(SECRETS, { ...secret, data: { key: btoa('two') } });
    await soon('the file follows', () => readFileSync(`${mount.hostPath}/key`, 'utf8') === 'two');
  });
});

describe('deletion', () => {
  test('stops the container with its grace period, tells a terminal phase, then removes everything', async () => {
    await bench.createPod('stubborn', "trap '' TERM; sleep 1000");
    await bench.untilPhase('stubborn', 'Running');
    await bench.api.client.delete(PODS, { namespace, name: 'stubborn' });
    await soon('Killing', async () => (await bench.events('stubborn')).includes('Normal Killing Stopping container main'));
    await soon('TERM was sent', () => bench.runtime.calls.includes('stop'));
    await settle();
    await bench.clock.advance(29_000);
    expect(await bench.podOrNone('stubborn')).toBeDefined();
    await bench.clock.advance(1_000);
    await bench.untilGone('stubborn');
    expect(bench.statuses.get('stubborn')?.at(-1)?.status).toMatchObject({ phase: 'Failed' });
    await soon('no container is left', () => bench.runtime.containers.length === 0);
  });

  test('by force kills and cleans', async () => {
    await bench.createPod('forced', "trap '' TERM; sleep 1000");
    await bench.untilPhase('forced', 'Running');
    await bench.api.client.delete(PODS, { namespace, name: 'forced' }, { gracePeriodSeconds: 0 });
    await bench.untilGone('forced');
    await soon('no container is left', () => bench.runtime.containers.length === 0);
  });

  test('of a Pod that never ran does not tell of success', async () => {
    await bench.createPodOf('pending', { containers: [{ ...sh('main', 'true'), image: 'nowhere:1' }] });
    await bench.until('pending', 'waits', (pod) => waitingReason(pod) === 'ErrImagePull');
    await bench.api.client.delete(PODS, { namespace, name: 'pending' });
    await bench.untilGone('pending');
    const last = bench.statuses.get('pending')?.at(-1)?.status;
    expect(last?.phase).toBe('Failed');
    expect(last?.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 137, reason: 'ContainerStatusUnknown' });
  });
});

describe('a kubelet that was killed', () => {
  test('finds its container running and neither makes nor loses one', async () => {
    await bench.createPod('kept', 'sleep 10');
    await bench.untilPhase('kept', 'Running');
    await bench.stopKubelet();
    await bench.clock.advance(10_000);
    bench.startKubelet();
    await bench.untilPhase('kept', 'Succeeded');
    expect(bench.runtime.starts).toEqual(['kept/main/0']);
  });

  test('goes on with the back-off where it was', async () => {
    await bench.createPod('again', 'exit 1', { restartPolicy: 'OnFailure' });
    await bench.until('again', 'waits', (pod) => waitingReason(pod) === 'CrashLoopBackOff');
    await bench.stopKubelet();
    await bench.clock.advance(5_000);
    bench.startKubelet();
    await bench.kubelet.ready;
    await settle();
    await bench.clock.advance(4_999);
    expect(mains()).toBe(2);
    await bench.clock.advance(1);
    await soon('the next start', () => mains() === 3);
  });

  test('removes containers of Pods that were deleted meanwhile', async () => {
    await bench.createPod('orphan', 'sleep 1000');
    await bench.untilPhase('orphan', 'Running');
    await bench.stopKubelet();
    await bench.api.client.delete(PODS, { namespace, name: 'orphan' }, { gracePeriodSeconds: 0 });
    bench.startKubelet();
    await soon('no container is left', () => bench.runtime.containers.length === 0);
  });

  test('does not run again what somebody has removed', async () => {
    await bench.createPod('lost', 'sleep 1000');
    await bench.untilPhase('lost', 'Running');
    await bench.runtime.reset();
    const { status } = await bench.untilPhase('lost', 'Failed');
    expect(status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 137, reason: 'ContainerStatusUnknown' });
    expect(bench.runtime.starts).toEqual(['lost/main/0']);
  });
});

describe('others who write the status', () => {
  test('keep their conditions', async () => {
    await bench.createPod('shared', 'sleep 1');
    const pod = await bench.untilPhase('shared', 'Running');
    const condition = { type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI' };
    await bench.api.client.updateStatus(PODS, { ...pod, status: { ...pod.status, conditions: [...(pod.status?.conditions ?? []), condition] } });
    await bench.clock.advance(1_000);
    const { status } = await bench.untilPhase('shared', 'Succeeded');
    expect(status?.conditions?.find(({ type }) => type === 'DisruptionTarget')).toMatchObject(condition);
  });

  test('and fail a Pod have it brought down and left failed', async () => {
    await bench.createPod('evicted', "trap 'exit 0' TERM; sleep 1000");
    const pod = await bench.untilPhase('evicted', 'Running');
    await bench.api.client.updateStatus(PODS, { ...pod, status: { ...pod.status, phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' } });
    const { status } = await bench.until('evicted', 'is down', (seen) => seen.status?.containerStatuses?.[0]?.state?.terminated !== undefined);
    expect(status).toMatchObject({ phase: 'Failed', reason: 'Evicted' });
  });
});

describe('the node', () => {
  const readyOf = async (): Promise<string | undefined> => {
    const node = await bench.api.client.get(NODES, { name: NODE }).catch(() => undefined);
    return node?.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  };

  test('is reported, and not ready while the engine is away', async () => {
    await soon('the node is ready', async () => (await readyOf()) === 'True');
    bench.runtime.down();
    const inTime = async (status: string): Promise<boolean> => {
      await bench.clock.advance(20_000);
      return (await readyOf()) === status;
    };
    await soon('the node is not ready', () => inTime('False'));
    bench.runtime.up();
    await soon('the node is ready again', () => inTime('True'));
  });

  test('of an engine that is away from the start is not ready, its Pods are told why, and all goes on later', async () => {
    await bench.stopKubelet();
    bench.runtime.down();
    await bench.createPod('early', 'true');
    bench.startKubelet();
    await soon('the event', async () => (await bench.events('early')).includes('Warning ContainerEngineUnavailable Waiting for the container engine: cannot connect to the engine'));
    await soon('the node is not ready', async () => (await readyOf()) === 'False');
    bench.runtime.up();
    await soon('success', async () => {
      await bench.clock.advance(1_000);
      return (await bench.pod('early')).status?.phase === 'Succeeded';
    });
  });
});

describe('a disk that is nearly full', () => {
  test('is told by the node, with an event, until enough is free again', async () => {
    await bench.kubelet.ready;
    const condition = async () => (await bench.api.client.get(NODES, { name: NODE })).status?.conditions?.find(({ type }) => type === 'DiskPressure');
    const disk = (availableBytes: number) => [{ path: '/disk', totalBytes: 2 ** 40, availableBytes, totalFiles: 0, freeFiles: 0 }];
    await soon('the node has no pressure', async () => (await condition())?.status === 'False');
    bench.disks = disk(2 ** 30);
    await bench.clock.advance(20_000);
    await soon('the node has pressure', async () => (await condition())?.status === 'True');
    expect(await condition()).toMatchObject({ reason: 'KubeletHasDiskPressure', message: 'kubelet has disk pressure: little is left of the disk of /disk' });
    bench.disks = disk(2 ** 32);
    await bench.clock.advance(20_000);
    await soon('the pressure is over', async () => (await condition())?.status === 'False');
    const { items } = await bench.api.client.list(EVENTS, { namespace });
    expect(items.filter(({ involvedObject }) => involvedObject.kind === 'Node').map(({ message }) => message).sort()).toEqual([`Node ${NODE} status is now: NodeHasDiskPressure`, `Node ${NODE} status is now: NodeHasNoDiskPressure`]);
  });
});

describe('trouble with the engine', () => {
  const refused = new RuntimeError('Unavailable', 'refused');

  test.each([
    ['create', 'lost'],
    ['start', 'lost'],
    ['inspect', 'lost'],
    ['create', 'refused'],
    ['start', 'refused'],
    ['image', 'refused'],
    ['start', 'hang'],
    ['inspect', 'hang'],
  ] as const)('at %s (%s) neither loses the container nor runs it twice', async (call, fault) => {
    bench.runtime.failNext(call, fault === 'refused' ? refused : fault);
    await bench.createPod('shaky', 'sleep 1');
    await soon('the call', () => bench.runtime.calls.includes(call));
    await soon('success', async () => {
      await bench.clock.advance(1_000);
      return (await bench.pod('shaky')).status?.phase === 'Succeeded';
    });
    expect(bench.runtime.starts).toEqual(['shaky/main/0']);
  });

  test('that is down makes the node NotReady and Pods wait, and is over when it is back', async () => {
    await bench.kubelet.ready;
    bench.runtime.down();
    await bench.createPod('waits', 'true');
    await soon('the event', async () => (await bench.events('waits')).some((text) => text.startsWith('Warning ContainerEngineUnavailable Waiting for the container engine: ')));
    expect((await bench.pod('waits')).status?.phase).toBe('Pending');
    bench.runtime.up();
    await bench.untilPhase('waits', 'Succeeded');
  });
});

describe('a Pod whose emptyDir has a limit', () => {
  const limited = (name: string) =>
    bench.createPodOf(name, {
      containers: [{ ...sh('main', 'sleep 600'), volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }] }],
      volumes: [{ name: 'scratch', emptyDir: { sizeLimit: '64Ki' } }],
    });
  const fill = async (name: string, bytes: number): Promise<void> => {
    const { metadata } = await bench.untilPhase(name, 'Running');
    writeFileSync(join(bench.podsDir, metadata?.uid ?? '', 'volumes/kubernetes.io~empty-dir/scratch/file'), 'x'.repeat(bytes));
  };

  const message = 'Usage of EmptyDir volume "scratch" exceeds the limit "64Ki". ';
  /** What it runs does not heed TERM: it has a second. */
  const untilEvicted = async (name: string) => {
    // Looking into a folder takes real time: the next look comes where this one was too early.
    await soon('the event', async () => {
      if ((await bench.events(name)).includes(`Warning Evicted ${message}`)) return true;
      await bench.clock.advance(1_000);
      return false;
    });
    await soon('the container is asked to stop', () => bench.runtime.calls.includes('stop'));
    await bench.clock.advance(1_000);
    return bench.untilPhase(name, 'Failed');
  };

  test('is evicted within ten seconds of outgrowing it, and its Job may tell that from a failure', async () => {
    await limited('greedy');
    await fill('greedy', 100_000);
    await bench.clock.advance(10_000);
    const { status } = await untilEvicted('greedy');
    expect(status).toMatchObject({ reason: 'Evicted', message });
    expect(status?.conditions?.find(({ type }) => type === 'DisruptionTarget')).toMatchObject({ status: 'True', reason: 'TerminationByKubelet', message });
  });

  test('runs on while it stays within it', async () => {
    await limited('modest');
    await fill('modest', 10_000);
    for (let round = 0; round < 3; round += 1) await bench.clock.advance(10_000);
    expect((await bench.pod('modest')).status?.phase).toBe('Running');
    await fill('modest', 100_000);
    await bench.clock.advance(10_000);
    await untilEvicted('modest');
  });
});

describe('a RuntimeClass', () => {
  const runtimeClass = (name: string, handler: string) => bench.api.client.create(RUNTIME_CLASSES, { metadata: { name }, handler });

  test('chooses the runtime of the containers', async () => {
    await runtimeClass('mine', 'plain');
    await bench.createPod('p', 'sleep 100', { runtimeClassName: 'mine' });
    await bench.untilPhase('p', 'Running');
    expect(bench.runtime.specs.map(({ runtimeHandler }) => runtimeHandler)).toEqual(['plain']);
  });

  test.each([
    ['names a runtime that the engine does not have', 'no runtime for "exotic" is configured', false],
    ['went after the Pod was made', 'runtimeclass.node.k8s.io "mine" not found', true],
  ])('that %s keeps the Pod from starting, and says why', async (_title, why, isGone) => {
    await runtimeClass('mine', 'exotic');
    const pod = bench.createPod('p', 'true', { runtimeClassName: 'mine' });
    await pod;
    if (isGone) await bench.api.client.delete(RUNTIME_CLASSES, { name: 'mine' });
    await soon('it says why', async () => {
      await bench.clock.advance(2_000);
      return (await bench.events('p')).includes(`Warning Failed Error: failed to get sandbox runtime: ${why}`);
    });
    expect(waitingReason(await bench.api.client.get(PODS, { namespace, name: 'p' }))).toBe('CreateContainerError');
    expect(bench.runtime.starts).toEqual([]);
  });
});

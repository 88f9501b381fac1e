// Pods that do not do well, on real Docker: images, configuration, commands, memory, time, restarts. Each says what is wrong.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import type { ContainerStateTerminated, Pod } from '../../src/api/generated/types.ts';
import { eventually, TestCluster } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';
import { ClusterPods, podOf, sh } from '../support/pods.ts';

// Nobody answers under .invalid, on any machine: a registry that is out of reach.
const FAR = 'registry.invalid/team/app:1';
const FAR_BUT_HERE = 'registry.invalid/team/here:1';

let cluster: TestCluster;
let pods: ClusterPods;

const PODS = [
  podOf('no-image', { containers: [{ name: 'main', image: FAR }] }),
  podOf('never-pull', { containers: [{ name: 'main', image: FAR, imagePullPolicy: 'Never' }] }),
  podOf('no-image-name', { containers: [{ name: 'main', image: 'UPPER/Case' }] }),
  podOf('always-pull', { containers: [sh('main', 'echo from the local copy', { image: FAR_BUT_HERE, imagePullPolicy: 'Always' })] }),
  podOf('no-config', { containers: [sh('main', 'echo $MODE', { env: [{ name: 'MODE', valueFrom: { configMapKeyRef: { name: 'later', key: 'mode' } } }] })] }),
  podOf('no-volume', { volumes: [{ name: 'v', configMap: { name: 'later' } }], containers: [sh('main', 'cat /v/mode', { volumeMounts: [{ name: 'v', mountPath: '/v' }] })] }),
  podOf('no-command', { containers: [sh('main', '', { command: ['no-such-program'] })] }),
  podOf('hungry', { containers: [sh('main', '', { command: ['tail', '/dev/zero'], resources: { limits: { memory: '16Mi' } } })] }),
  podOf('late', { activeDeadlineSeconds: 2, terminationGracePeriodSeconds: 1, containers: [sh('main', 'echo began; exec sleep 600')] }),
  podOf('message', { containers: [sh('main', 'printf "no space" > /dev/termination-log; exit 4')] }),
  podOf('log-message', { containers: [sh('main', 'echo first; echo last; exit 5', { terminationMessagePolicy: 'FallbackToLogsOnError' })] }),
  podOf('looping', { restartPolicy: 'Always', containers: [sh('main', 'echo run; exit 7')] }),
  podOf('done-again', { restartPolicy: 'Always', containers: [sh('main', 'exit 0')] }),
  podOf('half', { containers: [sh('good', 'exit 0'), sh('bad', 'sleep 1; exit 3')] }),
  podOf('removed', { containers: [sh('main', 'echo alive; exec sleep 600')] }),
];

const main = ({ status }: Pod) => status?.containerStatuses?.[0];
const ended = (pod: Pod): ContainerStateTerminated | undefined => main(pod)?.state?.terminated;

beforeAll(async () => {
  await ensureImages('busybox:latest');
  await execa('docker', ['tag', 'busybox', FAR_BUT_HERE]);
  cluster = await TestCluster.start();
  pods = new ClusterPods(cluster);
  await pods.apply(...PODS);
}, 120_000);

afterAll(async () => {
  await cluster.stop();
  await execa('docker', ['rmi', FAR_BUT_HERE]);
}, 90_000);

describe('an image', () => {
  test('that cannot be had is told first as the error, then as the back-off, with events', async () => {
    const pod = await pods.waiting('no-image', 'ImagePullBackOff');
    expect(pod.status?.phase).toBe('Pending');
    expect(main(pod)?.state?.waiting?.message).toMatch(/^Back-off pulling image "registry\.invalid\/team\/app:1": ErrImagePull: /);
    await pods.untilEvent('no-image', /^Normal BackOff Back-off pulling image "registry\.invalid\/team\/app:1"$/);
    const events = await pods.events('no-image');
    expect(events).toContain(`Normal Pulling Pulling image "${FAR}"`);
    expect(events).toContain('Warning Failed Error: ErrImagePull');
    expect(events).toContain('Warning Failed Error: ImagePullBackOff');
    expect(events.some((event) => event.startsWith(`Warning Failed Failed to pull image "${FAR}": `))).toBe(true);
  }, 40_000);

  test('that is not here is not looked for with pull policy Never', async () => {
    const pod = await pods.waiting('never-pull', 'ErrImageNeverPull');
    const message = `Container image "${FAR}" is not present with pull policy of Never`;
    expect(main(pod)?.state?.waiting?.message).toBe(message);
    await pods.untilEvent('never-pull', /^Warning ErrImageNeverPull /);
    expect(await pods.events('never-pull')).toContain(`Warning ErrImageNeverPull ${message}`);
  }, 40_000);

  test('without a proper name is told so', async () => {
    const pod = await pods.waiting('no-image-name', 'InvalidImageName');
    expect(main(pod)?.state?.waiting?.message).toMatch(/^Failed to apply default image tag "UPPER\/Case": .*invalid reference format/);
  }, 40_000);

  test('with pull policy Always is used from here when no registry answers, and a warning says so', async () => {
    await pods.phase('always-pull', 'Succeeded');
    expect(await pods.logs('always-pull')).toBe('from the local copy\n');
    await pods.untilEvent('always-pull', /^Warning ImagePullFallback Failed to pull image "registry\.invalid\/team\/here:1", so the copy already present on machine is used: /);
  }, 40_000);
});

describe('configuration that is missing', () => {
  test('is told, and the Pods start once it is there', async () => {
    const pod = await pods.waiting('no-config', 'CreateContainerConfigError');
    expect(main(pod)?.state?.waiting?.message).toBe('configmap "later" not found');
    await pods.untilEvent('no-config', /^Warning Failed Error: configmap "later" not found$/);
    await pods.untilEvent('no-volume', /^Warning FailedMount MountVolume\.SetUp failed for volume "v" : configmap "later" not found$/);
    expect(main(await pods.get('no-volume'))?.state?.waiting?.reason).toBe('ContainerCreating');
    await pods.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'later' }, data: { mode: 'fast' } });
    await pods.phase('no-config', 'Succeeded', { timeoutMs: 10_000 });
    await pods.phase('no-volume', 'Succeeded', { timeoutMs: 10_000 });
    expect([await pods.logs('no-config'), await pods.logs('no-volume')]).toEqual(['fast\n', 'fast']);
  }, 60_000);
});

describe('a container', () => {
  test('whose program is not there fails as StartError, in the words of Docker', async () => {
    const pod = await pods.phase('no-command', 'Failed');
    expect(ended(pod)).toMatchObject({ exitCode: 127, reason: 'StartError', message: expect.stringContaining('exec: "no-such-program": executable file not found in $PATH') });
    await pods.untilEvent('no-command', /^Warning Failed Error: .*executable file not found in \$PATH/);
  }, 40_000);

  test('that takes more memory than its limit is killed for it', async () => {
    const pod = await pods.phase('hungry', 'Failed');
    expect(ended(pod)).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
    expect((await cluster.minik(['get', 'pod', 'hungry'])).stdout).toMatch(/OOMKilled/);
  }, 40_000);

  test('leaves a message: its file, or the end of its log where it asks for that', async () => {
    expect(ended(await pods.phase('message', 'Failed'))).toMatchObject({ exitCode: 4, reason: 'Error', message: 'no space' });
    expect(ended(await pods.phase('log-message', 'Failed'))).toMatchObject({ exitCode: 5, message: 'first\nlast\n' });
    expect(await pods.logs('log-message')).toBe('first\nlast\n');
  }, 40_000);

  test('that was removed behind the back of minik is told as lost within five seconds', async () => {
    await eventually('it runs', async () => (await pods.logs('removed')) === 'alive\n');
    const { Id } = (await pods.containers(await pods.get('removed'))).get('main')!;
    await execa('docker', ['rm', '-f', Id]);
    const pod = await pods.phase('removed', 'Failed', { timeoutMs: 5_000 });
    expect(ended(pod)).toMatchObject({ exitCode: 137, reason: expect.stringMatching(/^(Error|ContainerStatusUnknown)$/) });
    const logs = await cluster.minik(['logs', 'removed']);
    expect(logs).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/removed/) });
  }, 40_000);
});

describe('a Pod', () => {
  test('of policy Always restarts what failed at once, then backs off, and shows the run before', async () => {
    const pod = await pods.until('looping', 'has backed off', ({ status }) => status?.containerStatuses?.[0]?.restartCount === 1 && status.containerStatuses[0].state?.waiting?.reason === 'CrashLoopBackOff');
    expect(pod.status?.phase).toBe('Running');
    expect(main(pod)).toMatchObject({ ready: false, lastState: { terminated: { exitCode: 7, reason: 'Error' } } });
    expect(main(pod)?.state?.waiting?.message).toBe(`back-off 10s restarting failed container=main pod=looping_default(${pod.metadata?.uid})`);
    await pods.untilEvent('looping', /^Warning BackOff Back-off restarting failed container main in pod looping_default\(/);
    expect(await pods.logs('looping', '-p')).toBe('run\n');
    const later = await pods.until('looping', 'has run a third time', ({ status }) => status?.containerStatuses?.[0]?.restartCount === 2);
    const ends = await pods.until('looping', 'has backed off again', (seen) => main(seen)?.state?.waiting?.message?.startsWith('back-off 20s') === true);
    expect(main(ends)?.restartCount).toBe(2);
    expect(later.status?.podIP).toBe(pod.status?.podIP);
  }, 60_000);

  test('of policy Always restarts what succeeded too', async () => {
    const pod = await pods.waiting('done-again', 'CrashLoopBackOff');
    expect(main(pod)).toMatchObject({ lastState: { terminated: { exitCode: 0, reason: 'Completed' } } });
  }, 40_000);

  test('of policy Never fails when one of its containers did, after all have ended', async () => {
    const { status } = await pods.phase('half', 'Failed');
    expect(status?.containerStatuses?.map(({ name, restartCount, state }) => [name, restartCount, state?.terminated?.exitCode])).toEqual([['bad', 0, 3], ['good', 0, 0]]);
  }, 40_000);

  test('that is longer active than it may be fails for that, its containers stopped', async () => {
    const pod = await pods.phase('late', 'Failed');
    expect(pod.status).toMatchObject({ reason: 'DeadlineExceeded', message: 'Pod was active on the node longer than the specified deadline' });
    expect(ended(pod)).toMatchObject({ exitCode: 137 });
    expect(await pods.logs('late')).toBe('began\n');
  }, 40_000);
});

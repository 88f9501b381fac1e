// The real kubectl 1.35 against the same daemon: it can do everything, and minik's own output is the same.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, FIXTURES, TestCluster } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';

let cluster: TestCluster;
const seed = (name: string): string => join(FIXTURES, 'seeds', `${name}.yaml`);

const OBJECTS = `
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, labels: { tier: web }, annotations: { note: "one", text: "line 1\\nline 2" } }
data: { mode: fast, file: "a\\nb\\n" }
binaryData: { raw: AAEC }
---
apiVersion: v1
kind: Secret
metadata: { name: login }
stringData: { password: hunter2 }
---
apiVersion: v1
kind: Pod
metadata: { name: rich, labels: { tier: web } }
spec:
  restartPolicy: OnFailure
  initContainers:
  - { name: first, image: busybox, imagePullPolicy: IfNotPresent, command: ["true"] }
  containers:
  - name: main
    image: busybox
    imagePullPolicy: IfNotPresent
    command: ["sh", "-c"]
    args: ["echo $MODE; sleep 600"]
    ports: [{ containerPort: 80 }, { containerPort: 53, name: dns, protocol: UDP }]
    env:
    - { name: MODE, valueFrom: { configMapKeyRef: { name: settings, key: mode } } }
    - { name: SELF, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
    - { name: CORES, valueFrom: { resourceFieldRef: { resource: limits.cpu } } }
    - { name: PASSWORD, valueFrom: { secretKeyRef: { name: login, key: password } } }
    envFrom: [{ prefix: P_, configMapRef: { name: settings } }]
    resources: { limits: { cpu: 500m, memory: 64Mi }, requests: { cpu: 100m } }
    volumeMounts: [{ name: config, mountPath: /config, readOnly: true }, { name: scratch, mountPath: /data, subPath: sub }]
  - { name: side, image: busybox, imagePullPolicy: IfNotPresent, command: ["sleep", "600"] }
  volumes:
  - { name: config, configMap: { name: settings } }
  - { name: secret, secret: { secretName: login, optional: true } }
  - { name: scratch, emptyDir: {} }
  - { name: fast, emptyDir: { medium: Memory, sizeLimit: 1Mi } }
  - { name: host, hostPath: { path: /tmp } }
  - { name: down, downwardAPI: { items: [{ path: labels, fieldRef: { fieldPath: metadata.labels } }] } }
---
apiVersion: v1
kind: Pod
metadata: { name: nowhere }
spec:
  nodeSelector: { disk: none }
  containers: [{ name: main, image: busybox }]
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data, labels: { tier: web } }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: waiting, annotations: { note: "one" } }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: made, labels: { tier: web } }
spec:
  accessModes: [ReadWriteMany, ReadOnlyMany]
  capacity: { storage: 5Gi }
  hostPath: { path: /tmp }
  storageClassName: slow
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: slow }
provisioner: example.org/tape
parameters: { b: "2", a: "1" }
---
apiVersion: v1
kind: Pod
metadata: { name: storing }
spec:
  terminationGracePeriodSeconds: 0
  containers: [{ name: main, image: busybox, imagePullPolicy: IfNotPresent, command: [sleep, "600"], volumeMounts: [{ name: data, mountPath: /data }] }]
  volumes:
  - { name: data, persistentVolumeClaim: { claimName: data } }
  - { name: own, ephemeral: { volumeClaimTemplate: { metadata: { labels: { a: b } }, spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } } } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: paused }
spec:
  suspend: true
  parallelism: 2
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: main, image: busybox }]
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly, labels: { tier: batch }, annotations: { note: "one" } }
spec:
  schedule: "30 2 * * 1-5"
  timeZone: Europe/Berlin
  suspend: true
  startingDeadlineSeconds: 100
  concurrencyPolicy: Forbid
  jobTemplate:
    metadata: { labels: { tier: batch } }
    spec:
      parallelism: 2
      completions: 4
      activeDeadlineSeconds: 60
      template:
        metadata: { labels: { tier: batch } }
        spec:
          restartPolicy: OnFailure
          containers:
          - { name: main, image: busybox, command: ["sh", "-c", "echo hi"], env: [{ name: MODE, value: fast }] }
          - { name: side, image: busybox }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: yearly }
spec:
  schedule: "@yearly"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{ name: main, image: busybox }]
`;

beforeAll(async () => {
  await ensureImages('busybox:latest');
  cluster = await TestCluster.start();
  expect(await cluster.kubectl(['apply', '-f', '-'], { input: OBJECTS })).toMatchObject({ code: 0 });
  expect(await cluster.kubectl(['apply', '-f', seed('hello-world-job'), '-f', seed('parallel-file-processing-job')])).toMatchObject({ code: 0 });
  for (const job of ['hello-world-job', 'parallel-file-processing-job']) {
    expect(await cluster.kubectl(['wait', `job/${job}`, '--for=condition=complete', '--timeout=60s'], { timeoutMs: 70_000 })).toMatchObject({ code: 0 });
  }
  await eventually('the pod with claims runs', async () => (await cluster.kubectl(['get', 'pod', 'storing', '-o', 'jsonpath={.status.phase}'])).stdout === 'Running');
  await eventually('the pod runs', async () => (await cluster.kubectl(['get', 'pod', 'rich', '-o', 'jsonpath={.status.phase}'])).stdout === 'Running');
}, 150_000);

afterAll(() => cluster.stop(), 90_000);

/** Ages differ from call to call; widths follow them. */
function masked(text: string): string {
  return text
    .replace(/^( *Renew ?Time:).*$/m, '$1 <time>').replace(/^( *Resource Version:).*$/m, '$1 <version>')
    .replace(/\b\d+(?:y\d+d|y|d\d+h|d|h\d+m|h|m\d+s|m|s)\b/g, '<age>')
    .replace(/ +/g, ' ');
}

function distinctLines(text: string): string[] {
  return [...new Set(masked(text).split('\n'))];
}

const JOB = 'job/parallel-file-processing-job';
const SAME: readonly (readonly string[])[] = [
  ['get', 'pods'],
  ['get', 'pods', '-o', 'wide'],
  ['get', 'pods', '--show-labels'],
  ['get', 'pods', '-A'],
  ['get', 'pods', '-l', 'tier=web'],
  ['get', 'pods', '--field-selector', 'status.phase=Succeeded'],
  ['get', 'pods', '--no-headers'],
  ['get', 'pods', '-L', 'tier'],
  ['get', 'pods', '--sort-by', '.metadata.name'],
  ['get', 'pods', '-o', 'name'],
  ['get', 'pod', 'rich', '-o', 'yaml'],
  ['get', 'pod', 'rich', '-o', 'json'],
  ['get', 'pods', '-o', 'jsonpath={range .items[*]}{.metadata.name}{"\\t"}{.status.phase}{"\\n"}{end}'],
  ['get', 'pods', '-o', 'custom-columns=NAME:.metadata.name,IMAGES:.spec.containers[*].image'],
  ['get', 'pods', '-o', 'go-template={{range .items}}{{.metadata.name}} {{end}}'],
  ['get', 'jobs'],
  ['get', 'jobs', '-o', 'wide'],
  ['get', 'jobs,pods'],
  ['get', 'cronjobs'],
  ['get', 'cj', '-o', 'wide'],
  ['get', 'cronjob', 'nightly', '-o', 'yaml'],
  ['get', 'all'],
  ['get', 'cm,secrets,sa'],
  ['get', 'ns'],
  ['get', 'nodes', '-o', 'wide'],
  ['get', 'events', '--field-selector', 'involvedObject.name=rich'],
  ['get', 'pod', 'none'],
  ['get', 'widgets'],
  ['get', 'pods', '-n', 'kube-public'],
  ['expose', 'pod', 'rich', '--name=rich-web', '--dry-run=client', '-o', 'yaml'],
  ['expose', 'pod', 'rich', '--port=80', '--target-port=http', '--type=NodePort', '--dry-run=server'],
  ['expose', 'pod', 'nowhere'],
  ['expose', 'cm', 'settings'],
  ['create', 'service', 'nodeport', 'far', '--tcp=80', '--node-port=80'],
  ['get', 'svc,ep,endpointslices', 'kubernetes'],
  ['describe', 'pod', 'rich'],
  ['describe', 'pod', 'nowhere'],
  ['get', 'pvc,pv,sc'],
  ['get', 'pvc,pv', '-o', 'wide'],
  ['get', 'pvc', 'data', '-o', 'yaml'],
  ['describe', 'pvc'],
  ['describe', 'pv'],
  ['describe', 'sc'],
  ['describe', 'pod', 'storing'],
  ['describe', JOB],
  ['describe', 'job', 'paused'],
  ['describe', 'cronjob', 'nightly'],
  ['describe', 'cj'],
  ['describe', 'pods', '-l', 'job-name=hello-world-job'],
  ['describe', 'configmap', 'settings'],
  ['describe', 'secret', 'login'],
  ['describe', 'ns', 'default'],
  ['describe', 'sa', 'default'],
  ['describe', 'node'],
  ['get', 'priorityclasses,leases', '-A'],
  ['describe', 'pc', 'system-node-critical'],
  ['describe', 'lease', '-n', 'kube-node-lease'],
  ['describe', 'pod', 'none'],
  ['logs', 'rich', '-c', 'main'],
  ['logs', 'rich'],
  ['logs', 'rich', '-c', 'none'],
  ['logs', 'none'],
  ['logs', '-l', 'job-name=hello-world-job'],
  ['wait', JOB, '--for=condition=complete'],
  ['wait', JOB, '--for=jsonpath={.status.succeeded}=3'],
  ['wait', 'job/paused', '--for=condition=complete', '--timeout=1s'],
  ['api-resources'],
  ['api-versions'],
];

describe('the same words give the same output', () => {
  test.each(SAME.map((words) => ({ words, name: words.join(' ') })))('$name', async ({ words }) => {
    const [kubectl, minik] = [await cluster.kubectl(words), await cluster.minik(words)];
    expect({ code: minik.code, out: masked(minik.stdout), err: masked(minik.stderr) }).toEqual({ code: kubectl.code, out: masked(kubectl.stdout), err: masked(kubectl.stderr) });
  });
});

describe('kubectl alone', () => {
  test('applies, follows, waits for, watches and deletes a Job', async () => {
    expect(await cluster.kubectl(['apply', '-f', seed('non-parallel-job')])).toMatchObject({ code: 0, stdout: 'job.batch/non-parallel-job created\n' });
    expect((await cluster.kubectl(['apply', '-f', seed('non-parallel-job')])).stdout).toBe('job.batch/non-parallel-job unchanged\n');
    expect((await cluster.minik(['apply', '-f', seed('non-parallel-job')])).stdout).toBe('job.batch/non-parallel-job unchanged\n');
    const watching = cluster.spawn('kubectl', ['get', 'job', 'non-parallel-job', '-w']);
    const own = cluster.spawn('minik', ['get', 'job', 'non-parallel-job', '-w']);
    await eventually('the pod runs', async () => (await cluster.kubectl(['get', 'pods', '-l', 'job-name=non-parallel-job', '-o', 'jsonpath={.items[0].status.phase}'])).stdout === 'Running');
    const logs = await cluster.kubectl(['logs', '-f', 'job/non-parallel-job'], { timeoutMs: 30_000 });
    expect(logs.stdout).toBe('Running non-parallel job\n');
    expect(await cluster.kubectl(['wait', 'job/non-parallel-job', '--for=condition=complete', '--timeout=30s'], { timeoutMs: 40_000 })).toMatchObject({ code: 0, stdout: 'job.batch/non-parallel-job condition met\n' });
    expect((await cluster.kubectl(['get', 'job', 'non-parallel-job', '-o', 'wide'])).stdout).toMatch(/non-parallel-job +Complete +1\/1 +\d+s +\d+s +simple-task +busybox /);
    await new Promise((resolve) => setTimeout(resolve, 200));
    watching.kill('SIGINT');
    own.kill('SIGINT');
    const [seen, ownSeen] = [String((await watching).stdout), String((await own).stdout)];
    expect(seen).toMatch(/Running +0\/1/);
    expect(seen).toMatch(/Complete +1\/1/);
    // The two began to watch at different moments: how often a state was repeated may differ.
    expect(distinctLines(ownSeen)).toEqual(distinctLines(seen));
    expect((await cluster.kubectl(['delete', 'job', 'non-parallel-job'])).stdout).toBe('job.batch "non-parallel-job" deleted from default namespace\n');
    expect((await cluster.kubectl(['get', 'pods', '-l', 'job-name=non-parallel-job'])).stderr).toBe('No resources found in default namespace.\n');
  }, 90_000);

  test('explains fields, dry-runs on the server, patches in three ways', async () => {
    expect((await cluster.kubectl(['explain', 'job.spec.backoffLimit'])).stdout).toMatch(/FIELD: backoffLimit <integer>/);
    expect((await cluster.kubectl(['create', '-f', seed('resource-limits'), '--dry-run=server'])).stdout).toBe('job.batch/resource-limits created (server dry run)\n');
    expect((await cluster.kubectl(['get', 'job', 'resource-limits'])).code).toBe(1);
    for (const [type, patch] of [['strategic', '{"metadata":{"labels":{"a":"1"}}}'], ['merge', '{"metadata":{"labels":{"a":"2"}}}'], ['json', '[{"op":"replace","path":"/metadata/labels/a","value":"3"}]']] as const) {
      expect((await cluster.kubectl(['patch', 'cm', 'settings', '--type', type, '-p', patch])).stdout).toBe('configmap/settings patched\n');
    }
    expect((await cluster.kubectl(['get', 'cm', 'settings', '-o', 'jsonpath={.metadata.labels.a}'])).stdout).toBe('3');
  });
});

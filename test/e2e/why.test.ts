// minik why and minik timeline about real containers: each kind of end and of waiting, also after everything is deleted.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Job, JobSpec, PodSpec } from '../../src/api/generated/types.ts';
import { eventually, TestCluster } from '../support/cluster.ts';
import { parseHtml, textsOf } from '../support/html.ts';
import { ensureImages } from '../support/images.ts';
import { ClusterPods, podOf, sh } from '../support/pods.ts';

// Nobody answers under .invalid, on any machine.
const FAR = 'registry.invalid/team/app:1';

let cluster: TestCluster;
let folder: string;

function jobOf(name: string, spec: Partial<JobSpec>, pod: Partial<PodSpec>): Job {
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { backoffLimit: 0, ...spec, template: { spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, containers: [], ...pod } } } };
}

// "$$$$" is the shell's "$$": a Pod's command has a "$" escaped by a second one.
const JOBS = [
  jobOf('exit-three', {}, { containers: [sh('main', 'echo connecting; echo "fatal: no such table"; exit 3')] }),
  jobOf('hungry', {}, { containers: [sh('main', '', { command: ['tail', '/dev/zero'], resources: { limits: { memory: '16Mi' } } })] }),
  jobOf('self-kill', {}, { containers: [sh('main', "sh -c 'kill -9 $$$$'; exit $?")] }),
  jobOf('segfault', {}, { containers: [sh('main', "sh -c 'kill -SEGV $$$$'; exit $?")] }),
  jobOf('no-program', {}, { containers: [sh('main', '', { command: ['no-such-program'] })] }),
  jobOf('not-found', {}, { containers: [sh('main', 'no-such-tool --now')] }),
  jobOf('no-image', {}, { containers: [{ name: 'main', image: FAR }] }),
  jobOf('no-config', {}, { containers: [sh('main', 'env', { env: [{ name: 'MODE', valueFrom: { configMapKeyRef: { name: 'later', key: 'mode' } } }] })] }),
  jobOf('late', { activeDeadlineSeconds: 2 }, { containers: [sh('main', 'echo began; sleep 600')] }),
  jobOf('again', { backoffLimit: 4 }, { containers: [sh('main', 'exit 5')] }),
  jobOf('paused', { suspend: true }, { containers: [sh('main', 'exit 0')] }),
  jobOf('well', { completions: 2 }, { containers: [sh('main', 'sleep 1; echo done')] }),
  jobOf('kept-alive', {}, { containers: [sh('work', 'exit 0'), sh('proxy', 'exec sleep 600')] }),
  jobOf('no-node', {}, { nodeSelector: { disk: 'ssd' }, containers: [sh('main', 'exit 0')] }),
];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'minik-why-'));
  await ensureImages('busybox:latest');
  cluster = await TestCluster.start();
  await new ClusterPods(cluster).apply(...JOBS, podOf('looping', { restartPolicy: 'Always', containers: [sh('main', 'echo run; exit 7')] }));
}, 120_000);

afterAll(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true });
}, 90_000);

const why = (...args: readonly string[]) => cluster.minik(['why', ...args]);

/** The answer once its first line is like `verdict`. */
async function until(subject: string, verdict: RegExp): Promise<string> {
  let last = '';
  const found = eventually(`minik why ${subject} says ${verdict}`, async () => ((last = (await why(subject)).stdout), verdict.test(last.split('\n')[0]!) ? last : undefined), { timeoutMs: 40_000 });
  return found.catch((error: unknown) => {
    throw new Error(`it said: ${last}`, { cause: error });
  });
}

describe('minik why', () => {
  test.each([
    { subject: 'job/exit-three', verdict: /^✗ job\/exit-three failed: its container exited with 3; 1 Pod failed and backoffLimit 0 allows no retry$/, shows: ['│ connecting\n  │ fatal: no such table', 'minik logs job/exit-three'] },
    { subject: 'job/hungry', verdict: /^✗ job\/hungry failed: its container was killed for using more memory than its limit of 16Mi \(OOMKilled, exit code 137\)/, shows: ['raise resources.limits.memory'] },
    { subject: 'job/self-kill', verdict: /^✗ job\/self-kill failed: its container was killed by SIGKILL \(exit code 137\)/, shows: ['It was not killed for its memory limit'] },
    { subject: 'job/segfault', verdict: /^✗ job\/segfault failed: its container was ended by SIGSEGV \(exit code 139 = 128 \+ 11\)/, shows: ['not its own'] },
    { subject: 'job/no-program', verdict: /^✗ job\/no-program failed: its container could not start: the program "no-such-program" is not in the image/, shows: ['correct "command"'] },
    { subject: 'job/not-found', verdict: /^✗ job\/not-found failed: its container exited with 127: command not found/, shows: ['no-such-tool: not found'] },
    { subject: 'job/no-image', verdict: /^✗ job\/no-image is held up: pod\/no-image-\w+ cannot start: its image registry\.invalid\/team\/app:1 cannot be pulled/, shows: ['activeDeadlineSeconds', 'docker build'] },
    { subject: 'job/no-config', verdict: /^✗ job\/no-config is held up: pod\/no-config-\w+ cannot start: configmap "later" not found$/, shows: ['ConfigMap "later" is asked for by env MODE', 'minik create configmap later --from-literal=mode=VALUE'] },
    { subject: 'job/late', verdict: /^✗ job\/late failed: it was still active after its activeDeadlineSeconds of 2/, shows: ['│ began'] },
    { subject: 'job/again', verdict: /^✗ job\/again tries again in \d+s: its last container exited with 5$/, shows: ['that backoffLimit 4 allows'] },
    { subject: 'job/paused', verdict: /^◌ job\/paused is suspended/, shows: ['minik resume job/paused'] },
    { subject: 'job/well', verdict: /^✓ job\/well is complete: 2 Pods succeeded in \d+s$/, shows: ['minik logs job/well'] },
    { subject: 'job/kept-alive', verdict: /^✗ job\/kept-alive is held up: pod\/kept-alive-\w+ is not over: work exited with 0, but proxy still runs$/, shows: ['sidecar'] },
    { subject: 'job/no-node', verdict: /^✗ job\/no-node is held up: pod\/no-node-\w+ fits no node: /, shows: ['its nodeSelector asks for disk=ssd'] },
    { subject: 'pod/looping', verdict: /^✗ pod\/looping keeps ending: container main exited with 7, and starts again (in|any moment)/, shows: ['│ run'] },
  ])('explains $subject', async ({ subject, verdict, shows }) => {
    const answer = await until(subject, verdict);
    for (const text of shows) expect(answer).toContain(text);
  }, 60_000);

  test('says that a missing ConfigMap has come meanwhile, or that the Job has gone on', async () => {
    await cluster.minik(['create', 'configmap', 'later', '--from-literal=mode=fast']);
    await until('job/no-config', /^✓ job\/no-config is complete/);
  }, 60_000);

  test('ends with 0 for an answer, and with 1 for trouble only where that is asked for', async () => {
    await until('job/exit-three', /failed/);
    await until('job/well', /complete/);
    expect((await why('job/exit-three')).code).toBe(0);
    expect((await why('job/exit-three', '--exit-code')).code).toBe(1);
    expect((await why('job/well', '--exit-code')).code).toBe(0);
    expect(await why('job/nobody')).toMatchObject({ code: 1, stdout: '', stderr: 'Error from server (NotFound): jobs.batch "nobody" not found\n' });
  }, 60_000);

  test('tells machines the same', async () => {
    await until('job/exit-three', /failed/);
    expect(JSON.parse((await why('job/exit-three', '-o', 'json')).stdout)).toMatchObject({ kind: 'Diagnosis', subject: { kind: 'Job', namespace: 'default', name: 'exit-three' }, rule: 'backoff-limit', health: 'trouble' });
  }, 60_000);
});

describe('minik timeline', () => {
  test('draws attempts, restarts and waits', async () => {
    await until('job/well', /complete/);
    const drawn = await cluster.minik(['timeline', 'job/well']);
    expect(drawn.stdout).toMatch(/^job\/well {2}complete/);
    expect(drawn.stdout.match(/^well-\w+ .*━+✓ +exit 0$/gm)).toHaveLength(2);
    await until('pod/looping', /starts again/);
    expect((await cluster.minik(['timeline', 'pod/looping'])).stdout).toMatch(/^looping .*━✗.*·/m);
  }, 60_000);

  test('writes a page with the ends of logs, and the model for machines', async () => {
    await until('job/exit-three', /failed/);
    const path = join(folder, 'page.html');
    expect((await cluster.minik(['timeline', 'job/exit-three', '--html', path])).code).toBe(0);
    const page = readFileSync(path, 'utf8');
    expect(parseHtml(page).filter(({ name }) => name === 'tr')).toHaveLength(3);
    expect(textsOf(page)).toContain('connecting\nfatal: no such table');
    const model = JSON.parse((await cluster.minik(['timeline', 'job/exit-three', '-o', 'json'])).stdout) as { readonly rows: readonly object[] };
    expect(model.rows).toMatchObject([{ state: 'failed', note: 'exit 3', marks: [{ kind: 'failure' }] }]);
  }, 60_000);

  test('that is watched on a pipe prints each change, and ends with the Job', async () => {
    await new ClusterPods(cluster).apply(jobOf('watched', {}, { containers: [sh('main', 'sleep 2')] }));
    const { code, stdout } = await cluster.minik(['timeline', 'job/watched', '-w']);
    expect(code).toBe(0);
    const frames = stdout.split(/^(?=job\/watched)/m);
    expect(frames.length).toBeGreaterThan(1);
    expect(frames.at(-1)).toMatch(/^job\/watched {2}complete[^]*✓ +exit 0/);
  }, 60_000);
});

describe('after a Job is deleted', () => {
  test('both still tell what became of it', async () => {
    await new ClusterPods(cluster).apply(jobOf('gone', {}, { containers: [sh('main', 'echo last words; exit 9')] }));
    await until('job/gone', /failed/);
    await cluster.minik(['delete', 'job', 'gone']);
    const answer = await until('job/gone', /^✗ job\/gone is not there any more; the last of its attempts exited with 9$/);
    expect(answer).toContain('│ last words');
    const drawn = await cluster.minik(['timeline', 'job/gone']);
    expect(drawn.stdout).toMatch(/^job\/gone {2}deleted; this is what was kept/);
    expect(drawn.stdout).toMatch(/^gone-\w+ .*✗ +exit 9$/m);
  }, 60_000);
});

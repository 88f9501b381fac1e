// The real kubectl reads our schema: it explains kinds from it, and learns from it that the server checks fields itself.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listen, type Listener } from '../../src/apiserver/listen.ts';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { joinSockets, kubeconfigOf } from '../support/kubectl-home.ts';
import { kubectlPath } from '../support/kubernetes-tools.ts';

let home: string;
let api: TestApi;
let listener: Listener;
let door: net.Server;
const asked: string[] = [];

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'minik-kubectl-'));
  api = await startApi();
  const socketPath = join(home, 'api.sock');
  listener = await listen({
    handle: (request) => {
      asked.push(request.path);
      return api.handle(request);
    },
    log: silentLogger,
    clock: systemClock,
    authenticate: () => ({ username: 'test' }),
    at: { socketPath },
  });
  door = net.createServer((from) => joinSockets(from, net.connect(socketPath)));
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  writeFileSync(join(home, 'kubeconfig'), kubeconfigOf((door.address() as net.AddressInfo).port));
});

afterAll(async () => {
  await listener.close();
  await new Promise((resolve) => door.close(resolve));
  await api.close();
  rmSync(home, { recursive: true });
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function kubectl(args: readonly string[], input: object = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(kubectlPath(), args, { env: { HOME: home, KUBECONFIG: join(home, 'kubeconfig') } }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
    child.stdin!.end(JSON.stringify(input));
  });
}

const job = (more: object): object => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'a' },
  spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'a', ...more }] } } },
});

describe('kubectl explain', () => {
  test('a field that is a model', async () => {
    const { code, out } = await kubectl(['explain', 'job.spec.template']);
    expect(code).toBe(0);
    expect(out).toMatch(/^GROUP: +batch\nKIND: +Job\nVERSION: +v1\n\nFIELD: template <PodTemplateSpec>\n/);
    expect(out).toMatch(/FIELDS:\n {2}metadata\t<ObjectMeta>\n[^]* {2}spec\t<PodSpec>\n/);
    expect(out).not.toContain('<no description>');
  });

  test('a field with a closed list of values', async () => {
    const { out } = await kubectl(['explain', 'pod.spec.restartPolicy']);
    expect(out).toContain('FIELD: restartPolicy <string>\nENUM:\n    Always\n    Never\n    OnFailure\n');
  });

  test('everything in a Job', async () => {
    const { code, out } = await kubectl(['explain', 'job', '--recursive']);
    expect(code).toBe(0);
    expect(out).toContain('    template\t<PodTemplateSpec> -required-\n');
    expect(out).toContain('port\t<IntOrString> -required-\n');
    expect(out).toContain('limits\t<map[string]Quantity>\n');
  });

  test('a field that is not there', async () => {
    expect(await kubectl(['explain', 'job.spec.nope'])).toMatchObject({ code: 1, err: 'error: field "nope" does not exist\n' });
  });
});

describe('kubectl apply', () => {
  test('creates, finds nothing to do, and leaves dry runs to the server', async () => {
    expect(await kubectl(['apply', '-f', '-'], job({}))).toMatchObject({ code: 0, out: 'job.batch/a created\n' });
    expect(await kubectl(['apply', '-f', '-'], job({}))).toMatchObject({ code: 0, out: 'job.batch/a unchanged\n' });
    expect(await kubectl(['apply', '-f', '-', '--dry-run=server'], job({}))).toMatchObject({ code: 0, out: 'job.batch/a unchanged (server dry run)\n' });
  });

  test('leaves the check for misspelt fields to the server', async () => {
    const { code, err } = await kubectl(['create', '-f', '-'], { ...job({ comand: ['b'] }), metadata: { name: 'b' } });
    expect(code).toBe(1);
    expect(err).toContain('strict decoding error: unknown field "spec.template.spec.containers[0].comand"');
  });

  test('never needs the old schema', () => {
    expect(asked).toContain('/openapi/v3');
    expect(asked.filter((path) => path.startsWith('/openapi/v2'))).toEqual([]);
  });
});

describe('the older form of the schema', () => {
  const list = (data: object) => ({ apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'of-list', namespace: 'default' }, ...data }, { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'of-list', namespace: 'default' }, spec: { podSelector: {} } }] });

  test('lets kubectl apply a List, once and again', async () => {
    expect(await kubectl(['apply', '-f', '-'], list({ data: { a: '1' } }))).toMatchObject({ code: 0, out: 'configmap/of-list created\nnetworkpolicy.networking.k8s.io/of-list created\n' });
    expect(await kubectl(['apply', '-f', '-'], list({ data: { a: '2' } }))).toMatchObject({ code: 0, out: 'configmap/of-list configured\nnetworkpolicy.networking.k8s.io/of-list unchanged\n' });
    expect(asked).toContain('/openapi/v2');
  });

  test('lets kubectl refuse what a List has wrong, before anything is sent', async () => {
    const refused = await kubectl(['apply', '-f', '-'], list({ metadata: { name: 'never' }, datta: { a: '1' }, data: [] }));
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/unknown field "datta" in io\.k8s\.api\.core\.v1\.ConfigMap/);
    expect(refused.err).toMatch(/invalid type for io\.k8s\.api\.core\.v1\.ConfigMap\.data: got "array", expected "map"/);
    expect((await kubectl(['get', 'configmap', 'never'])).code).toBe(1);
  });

  test('explains as the newer one does', async () => {
    const explained = await kubectl(['explain', '--output=plaintext-openapiv2', 'job.spec.parallelism']);
    expect(explained).toMatchObject({ code: 0 });
    expect(explained.out).toMatch(/FIELD: +parallelism <integer>/);
  });
});

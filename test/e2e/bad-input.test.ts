// Everything that can be wrong with what a person types or where minik runs: a clear error, and nothing changed.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get, type RequestOptions } from 'node:https';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { FIXTURES, TestCluster } from '../support/cluster.ts';

const BAD = join(FIXTURES, 'bad');
const CASES = readdirSync(BAD).filter((file) => file.endsWith('.yaml') && file !== 'immutable-1-before.yaml').map((file) => ({ name: file.replace('.yaml', '') }));

describe('manifests', () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await TestCluster.start();
    const suspended = readFileSync(join(BAD, 'immutable-1-before.yaml'), 'utf8');
    expect(await cluster.minik(['apply', '-f', '-'], { input: suspended })).toMatchObject({ code: 0 });
  }, 60_000);
  afterAll(() => cluster.stop(), 60_000);

  const versionOf = async (): Promise<string> => {
    const kinds = await cluster.minik(['get', 'jobs,configmaps,secrets', '-o', 'jsonpath={range .items[*]}{.metadata.name}={.metadata.generation} {end}']);
    return kinds.stdout;
  };

  test.each(CASES)('$name', async ({ name }) => {
    const before = await versionOf();
    const applied = await cluster.minik(['apply', '-f', join(BAD, `${name}.yaml`)]);
    const expected = readFileSync(join(BAD, `${name}.expected.txt`), 'utf8').split('\n').filter((line) => line !== '');
    expect(applied.code).toBe(1);
    for (const line of expected) expect(applied.stderr).toContain(line);
    if (name === 'one-of-three') expect(applied.stdout).toBe('configmap/first-of-mixed created\nconfigmap/last-of-mixed created\n');
    else expect(await versionOf()).toBe(before);
  });

  test('an object that exists cannot be created again', async () => {
    await cluster.minik(['create', 'configmap', 'twice']);
    expect(await cluster.minik(['create', 'configmap', 'twice'])).toMatchObject({ code: 1, stderr: 'error: failed to create configmap: configmaps "twice" already exists\n' });
  });

  test('an object that does not exist cannot be had, deleted or patched', async () => {
    const missing = 'Error from server (NotFound): jobs.batch "none" not found\n';
    for (const verb of [['get', 'job', 'none'], ['delete', 'job', 'none'], ['patch', 'job', 'none', '-p', '{"spec":{"suspend":true}}'], ['describe', 'job', 'none']]) {
      expect({ verb, ...(await cluster.minik(verb)) }).toMatchObject({ verb, code: 1, stderr: missing });
    }
  });

  test('a body above 3 MiB is refused and the daemon lives on', async () => {
    const big = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'big' }, data: { a: 'x'.repeat(4 * 1024 * 1024) } });
    const created = await cluster.minik(['create', '-f', '-'], { input: big });
    expect(created.code).toBe(1);
    expect(created.stderr).toMatch(/too large|Too long/i);
    expect((await cluster.status()).ready).toBe(true);
  });

  test('a second daemon on the same home says who has it', async () => {
    const { pid } = await cluster.status();
    const second = await cluster.minik(['daemon']);
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/another minik daemon has .*state\.db open/);
    expect((await cluster.status()).pid).toBe(pid);
  });

  test.each([
    { name: 'no token', headers: {} },
    { name: 'a wrong token', headers: { authorization: 'Bearer wrong' } },
  ])('$name gives 401 on the TLS port', async ({ headers }) => {
    const { endpoint } = await cluster.status();
    const ca = readFileSync(join(cluster.home, 'pki', 'ca.crt'));
    const reply = await httpsGet(`${endpoint}/api/v1/pods`, { ca, headers });
    expect(reply.status).toBe(401);
    expect(JSON.parse(reply.body)).toMatchObject({ kind: 'Status', reason: 'Unauthorized' });
  });
});

function httpsGet(url: string, options: RequestOptions): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    get(url, { ...options, agent: false }, (reply) => {
      let body = '';
      reply.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body }));
    }).on('error', reject);
  });
}

describe('surroundings', () => {
  const clusters: TestCluster[] = [];
  const servers: Server[] = [];
  const fresh = (): TestCluster => {
    const cluster = TestCluster.inNewHome();
    clusters.push(cluster);
    return cluster;
  };

  afterEach(async () => {
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
    for (const cluster of clusters.splice(0)) await cluster.stop();
  }, 60_000);

  test('a port that is taken makes the daemon take another', async () => {
    const blocker = createServer();
    servers.push(blocker);
    await new Promise<void>((resolve) => {
      // Another minik may have it already: taken is taken.
      blocker.once('error', () => resolve());
      blocker.listen(16443, '127.0.0.1', () => resolve());
    });
    const cluster = fresh();
    expect((await cluster.minik(['start'])).code).toBe(0);
    expect((await cluster.status()).endpoint).not.toBe('https://127.0.0.1:16443');
    expect((await cluster.kubectl(['get', 'ns', 'default', '-o', 'name'])).stdout).toBe('namespace/default\n');
  }, 60_000);

  test('a home that cannot be written names itself', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'minik-home-'));
    writeFileSync(join(folder, 'file'), '');
    const cluster = fresh();
    const ran = await cluster.minik(['get', 'pods'], { env: { MINIK_HOME: join(folder, 'file', 'home') } });
    rmSync(folder, { recursive: true });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/the state directory .*file\/home is not writable \(ENOTDIR\); set MINIK_HOME to one that is/);
  });

  test('a database that is damaged is refused and not overwritten', async () => {
    const cluster = fresh();
    mkdirSync(cluster.home, { recursive: true });
    writeFileSync(join(cluster.home, 'state.db'), 'not a database at all');
    chmodSync(cluster.home, 0o700);
    const ran = await cluster.minik(['start']);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/state\.db is not a SQLite database; move it away/);
    expect(readFileSync(join(cluster.home, 'state.db'), 'utf8')).toBe('not a database at all');
  }, 60_000);

  test('without Docker the store still works, and a pod says why it waits', async () => {
    const cluster = fresh();
    const env = { DOCKER_HOST: `unix://${cluster.home}/no-docker.sock` };
    expect((await cluster.minik(['start'], { env })).code).toBe(0);
    expect((await cluster.minik(['create', 'configmap', 'works', '--from-literal=a=b'], { env })).code).toBe(0);
    expect((await cluster.minik(['run', 'waits', '--image=busybox', '--restart=Never'], { env })).code).toBe(0);
    const described = await cluster.minik(['get', 'events', '-o', 'jsonpath={range .items[*]}{.involvedObject.name}: {.message}{"\\n"}{end}'], { env });
    const status = await cluster.minik(['status', '-o', 'json'], { env });
    expect(JSON.parse(status.stdout)).toMatchObject({ running: true, ready: true });
    expect(described.stdout).toContain(`waits: Waiting for the container engine: Cannot connect to the Docker Engine at unix://${cluster.home}/no-docker.sock. Is it running?`);
    await cluster.minik(['stop'], { env });
  }, 60_000);
});

// Services by the kernel's rules, on the real engine: who reaches what, as root and as a user of the engine, and what is left afterwards.
import { mkdtempSync, realpathSync, statSync, chownSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import type { Service } from '../../src/api/generated/types.ts';
import { clusterId, containersOf, eventually, TestCluster } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';

const MINIK = resolve(import.meta.dirname, '..', '..', 'bin', 'minik');
const SOCKET = '/var/run/docker.sock';
/** Of nobody on this machine. */
const USER = 61_234;

const manifest = (nodePort: number): string => `
apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec:
  terminationGracePeriodSeconds: 0
  containers:
  - name: httpd
    image: busybox
    imagePullPolicy: IfNotPresent
    command: ["sh", "-c", "mkdir /www && echo 'it is web' > /www/index.html && exec httpd -f -v -p 8080 -h /www"]
---
apiVersion: v1
kind: Pod
metadata: { name: client }
spec:
  terminationGracePeriodSeconds: 0
  containers:
  - { name: sleep, image: busybox, imagePullPolicy: IfNotPresent, command: ["sleep", "3600"] }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { type: NodePort, selector: { app: web }, ports: [{ port: 80, targetPort: 8080, nodePort: ${nodePort} }] }
---
apiVersion: v1
kind: Service
metadata: { name: nobody }
spec: { selector: { app: nobody }, ports: [{ port: 80 }] }
`;

interface Capability {
  readonly name: string;
  readonly state: string;
  readonly why: string;
}

type Minik = (args: readonly string[], options?: { readonly input?: string }) => Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;

const tables = async (): Promise<string> => (await execa('nft', ['list', 'tables'])).stdout;
const routes = async (cidr: string): Promise<string> => (await execa('ip', ['route', 'show', 'table', 'local', 'to', 'root', cidr])).stdout;
/** Other homes may take a range as soon as it is free: a route is known by its number. */
const hasRoute = async (cidr: string, route: string): Promise<boolean> => route !== '' && (await routes(cidr)).includes(route.trim());
const rangeOf = (ip: string): string => `${ip.split('.').slice(0, 2).join('.')}.0.0/16`;
/** The page, or the code of the error. */
const page = async (address: string): Promise<string> => {
  try {
    const reply = await fetch(`http://${address}/`, { headers: { connection: 'close' }, signal: AbortSignal.timeout(3_000) });
    return (await reply.text()).trim();
  } catch (error) {
    return ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code ?? String(error);
  }
};

/** A home with the manifest applied and its Pods ready. */
async function useServices(minik: Minik, nodePort: number): Promise<{ readonly webIp: string; readonly nobodyIp: string }> {
  const applied = await minik(['apply', '-f', '-'], { input: manifest(nodePort) });
  if (applied.code !== 0) throw new Error(applied.stderr);
  await minik(['wait', 'pod/web', 'pod/client', '--for=condition=Ready', '--timeout=40s']);
  const ipOf = async (name: string): Promise<string> => (JSON.parse((await minik(['get', 'service', name, '-o', 'json'])).stdout) as Service).spec!.clusterIP!;
  const [webIp, nobodyIp] = [await ipOf('web'), await ipOf('nobody')];
  await eventually('the Service answers', async () => (await page(webIp)).includes('it is web'));
  return { webIp, nobodyIp };
}

const network = async (minik: Minik): Promise<readonly Capability[]> => (JSON.parse((await minik(['status', '-o', 'json'])).stdout) as { network: Capability[] }).network;
/** What a Pod gets from an address. */
const ask = async (minik: Minik, pod: string, ip: string): Promise<string> =>
  (await minik(['exec', pod, '--', 'sh', '-c', `printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 3 ${ip} 80`])).stdout;

let cluster: TestCluster;
let webIp: string;
let nobodyIp: string;
const minik: Minik = (args, options) => cluster.minik(args, { ...options, timeoutMs: 60_000 });

beforeAll(async () => {
  await ensureImages('busybox:latest');
  cluster = await TestCluster.start();
  ({ webIp, nobodyIp } = await useServices(minik, 31_641));
}, 90_000);
afterAll(async () => {
  const [id, range] = [clusterId(cluster.home), rangeOf(webIp)];
  const route = await routes(range);
  await cluster.stop();
  expect(await tables()).not.toContain(id);
  expect(await hasRoute(range, route)).toBe(false);
}, 60_000);

describe('a daemon that is root', () => {
  test('forwards by the kernel, and says so', async () => {
    const states = Object.fromEntries((await network(minik)).map(({ name, state }) => [name, state]));
    expect(states).toMatchObject({ 'service addresses': 'on', 'kernel forwarding': 'on' });
    expect(await tables()).toContain(clusterId(cluster.home));
  });

  test('leads this host to a Pod through each of the Service\'s addresses', async () => {
    const node = (await minik(['get', 'nodes', '-o', 'jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}'])).stdout;
    for (const address of [webIp, '127.0.0.1:31641', '[::1]:31641', `${node}:31641`]) expect(await page(address)).toBe('it is web');
  });

  test('leads Pods to it under their own address, and to themselves', async () => {
    expect(await ask(minik, 'client', webIp)).toContain('it is web');
    const client = (await minik(['get', 'pod', 'client', '-o', 'jsonpath={.status.podIP}'])).stdout;
    await eventually('the Pod has seen who asked', async () => (await minik(['logs', 'web'])).stdout.includes(client));
    expect(await ask(minik, 'web', webIp)).toContain('it is web');
  });

  test.each([{ what: 'a Service without endpoints', to: () => nobodyIp }, { what: 'a port that a Service does not have', to: () => `${webIp}:81` }])('refuses at once: $what', async ({ to }) => {
    const start = Date.now();
    expect(await page(to())).toBe('ECONNREFUSED');
    expect(Date.now() - start).toBeLessThan(1_500);
  });

  test('leaves no rule and no route when it is killed, and has both again when it is back', async () => {
    const [{ pid }, route] = [await cluster.status(), await routes(rangeOf(webIp))];
    expect(route).not.toBe('');
    process.kill(pid, 'SIGKILL');
    await eventually('all is gone', async () => !(await tables()).includes(clusterId(cluster.home)) && !(await hasRoute(rangeOf(webIp), route)), { timeoutMs: 5_000 });
    await cluster.minik(['start']);
    await eventually('the Service answers again', async () => (await page(webIp)).includes('it is web'), { timeoutMs: 5_000 });
  }, 30_000);

  test('leaves none when it is stopped', async () => {
    const route = await routes(rangeOf(webIp));
    await cluster.minik(['stop']);
    expect(await tables()).not.toContain(clusterId(cluster.home));
    expect(await hasRoute(rangeOf(webIp), route)).toBe(false);
    expect(await page('127.0.0.1:31641')).toBe('ECONNREFUSED');
    await cluster.minik(['start']);
    await eventually('the Service answers again', async () => (await page(webIp)).includes('it is web'), { timeoutMs: 5_000 });
  }, 30_000);
});

describe('beside it, a daemon of a user of the engine', () => {
  let home: string;
  let ip: string;
  const theirs: Minik = async (args, { input = '' } = {}) => {
    // Reads everything, so that it finds this project wherever it lies; has no other right of root.
    const rights = ['--reuid', String(USER), '--regid', String(USER), '--groups', String(statSync(SOCKET).gid), '--inh-caps', '+dac_read_search', '--ambient-caps', '+dac_read_search'];
    const { PATH = '' } = process.env;
    const ran = await execa('setpriv', [...rights, MINIK, ...args], { input, extendEnv: false, env: { PATH, HOME: home, MINIK_HOME: home, NO_COLOR: '1' }, reject: false, timeout: 60_000 });
    return { code: ran.exitCode ?? 1, stdout: ran.stdout, stderr: ran.stderr };
  };

  beforeAll(async () => {
    home = realpathSync(mkdtempSync(join(tmpdir(), 'minik-test-')));
    chownSync(home, USER, USER);
    const started = await theirs(['start']);
    if (started.code !== 0) throw new Error(started.stderr);
    ({ webIp: ip } = await useServices(theirs, 31_642));
  }, 90_000);
  afterAll(async () => {
    const id = clusterId(home);
    const route = await routes(rangeOf(ip));
    expect((await theirs(['reset', '--yes'])).stderr).toBe('');
    expect(await tables()).not.toContain(id);
    expect(await hasRoute(rangeOf(ip), route)).toBe(false);
    expect(await containersOf(id)).toEqual([]);
    rmSync(home, { recursive: true, force: true });
  }, 60_000);

  test('is no root, and comes to the kernel through a helper container', async () => {
    const { pid } = JSON.parse(readFileSync(join(home, 'daemon.json'), 'utf8')) as { pid: number };
    expect(statSync(`/proc/${pid}`).uid).toBe(USER);
    expect(await network(theirs)).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'service addresses', state: 'on', why: `${rangeOf(ip)} leads to this host (through a helper container)` }), expect.objectContaining({ name: 'kernel forwarding', state: 'on' })]));
  });

  test('has Services that work as those of root', async () => {
    expect(await page('127.0.0.1:31642')).toBe('it is web');
    expect(await ask(theirs, 'client', ip)).toContain('it is web');
    expect(await ask(theirs, 'web', ip)).toContain('it is web');
  });

  test('has names that Pods find, although only root may listen where they are asked for', async () => {
    expect(await network(theirs)).toContainEqual(expect.objectContaining({ name: 'cluster DNS', state: 'on' }));
    expect(await ask(theirs, 'client', 'web')).toContain('it is web');
    expect((await theirs(['dns', 'web'])).stdout).toContain(`  ${ip}  service/web in default`);
  });

  test('has addresses, rules and containers of its own', async () => {
    expect(rangeOf(ip)).not.toBe(rangeOf(webIp));
    const rules = (await execa('nft', ['list', 'table', 'ip', `minik-${clusterId(home)}`])).stdout;
    expect(rules).toContain(`${ip} . tcp . 80`);
    expect(rules).not.toContain(webIp);
  });

  test('leaves no rule, route or helper when it is killed, and takes nothing of the other home', async () => {
    const { pid } = JSON.parse(readFileSync(join(home, 'daemon.json'), 'utf8')) as { pid: number };
    const route = await routes(rangeOf(ip));
    process.kill(pid, 'SIGKILL');
    await eventually('all of it is gone', async () => {
      const helpers = (await execa('docker', ['ps', '-aq', '--filter', 'label=minik.dev/host-program', '--filter', `label=minik.dev/cluster=${clusterId(home)}`])).stdout;
      return !(await tables()).includes(clusterId(home)) && !(await hasRoute(rangeOf(ip), route)) && helpers === '';
    }, { timeoutMs: 10_000 });
    for (const address of [webIp, '127.0.0.1:31641']) expect(await page(address)).toBe('it is web');
  }, 30_000);

  test('leaves nothing that reset would not find, even when the program that tidies up is killed with it', async () => {
    await theirs(['start']);
    await eventually('the Service answers', async () => (await page(ip)) === 'it is web');
    const helpers = async (): Promise<string[]> => (await execa('docker', ['ps', '-aq', '--filter', 'label=minik.dev/host-program=sh', '--filter', `label=minik.dev/cluster=${clusterId(home)}`])).stdout.split('\n').filter((id) => id !== '');
    const { pid } = JSON.parse(readFileSync(join(home, 'daemon.json'), 'utf8')) as { pid: number };
    process.kill(pid, 'SIGSTOP');
    await execa('docker', ['kill', '--signal', 'KILL', ...(await helpers())]);
    process.kill(pid, 'SIGKILL');
    await eventually('the helper is gone', async () => (await helpers()).length === 0);
    expect(await routes(rangeOf(ip))).not.toBe('');
  }, 30_000);
});

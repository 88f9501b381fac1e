// exec, attach and port-forward as verbs, over the real API server and a fake runtime.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { JOBS, PODS, SERVICES } from '../../../src/api/kinds.ts';
import { startCliHome, type CliHome } from '../../support/cli-home.ts';
import { createExecPods, type ExecPods } from '../../support/exec-pods.ts';
import { soon } from '../../support/virtual-clock.ts';

let home: CliHome;
let pods: ExecPods;

beforeEach(async () => {
  pods = createExecPods();
  home = await startCliHome({ podStreams: pods.streams });
  await pods.start(home.api, 'p');
});

afterEach(async () => {
  await home.close();
  await pods.runtime.reset();
});

const setPhase = async (name: string, phase: string, ready = false): Promise<void> => {
  const pod = await home.api.client.get(PODS, { namespace: 'default', name });
  await home.api.client.updateStatus(PODS, { ...pod, status: { ...pod.status, phase, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] } });
};

describe('exec', () => {
  test('keeps output, errors and exit code apart', async () => {
    expect(await home.minik(['exec', 'p', '--', 'sh', '-c', 'echo out; echo err >&2; exit 3'])).toEqual({
      code: 3, out: 'out\n', err: 'err\ncommand terminated with exit code 3\n',
    });
  });

  test('passes stdin on with -i, and only then', async () => {
    expect(await home.minik(['exec', '-i', 'p', '--', 'cat'], 'hello')).toEqual({ code: 0, out: 'hello', err: '' });
    expect(await home.minik(['exec', 'p', '--', 'cat'], 'hello')).toEqual({ code: 0, out: '', err: '' });
  });

  test('says that there is no terminal, and goes on without', async () => {
    expect(await home.minik(['exec', '-it', 'p', '--', 'cat'], 'hello')).toEqual({
      code: 0, out: 'hello', err: 'Unable to use a TTY - input is not a terminal or the right kind of file\n',
    });
  });

  test.each([
    { words: ['exec'], err: 'error: pod, type/name or --filename must be specified\n' },
    { words: ['exec', 'p'], err: 'error: you must specify at least one command for the container\n' },
    { words: ['exec', 'q', '--', 'true'], err: 'Error from server (NotFound): pods "q" not found\n' },
    { words: ['exec', 'p', '-c', 'x', '--', 'true'], err: 'Error from server (BadRequest): container x is not valid for pod p\n' },
    { words: ['exec', 'job/x', '--', 'true'], err: 'Error from server (NotFound): jobs.batch "x" not found\n' },
    { words: ['exec', 'p', '--pod-running-timeout=x', '--', 'true'], err: 'error: --pod-running-timeout must be higher than zero, such as 5s, 2m or 3h, not "x"\n' },
  ])('$words fails: $err', async ({ words, err }) => {
    expect(await home.minik(words)).toEqual({ code: 1, out: '', err });
  });

  test('says why a command cannot be started', async () => {
    const ran = await home.minik(['exec', 'p', '--', 'no-such']);
    expect([ran.code, ran.out]).toEqual([1, '']);
    expect(ran.err).toMatch(/^error: Internal error occurred: error executing command in container: .*executable file not found/);
  });

  test('refuses a Pod that has ended, and a container that does not run', async () => {
    await pods.runtime.stop((await pods.runtime.list())[0]!.id, { graceSeconds: 0 });
    expect((await home.minik(['exec', 'p', '--', 'true'])).err).toBe('error: unable to upgrade connection: container not found ("c")\n');
    await setPhase('p', 'Succeeded');
    expect((await home.minik(['exec', 'p', '--', 'true'])).err).toBe('error: cannot exec into a container in a completed pod; current phase is Succeeded\n');
  });

  test('takes the Pod from a manifest', async () => {
    const manifest = join(home.directory, 'p.json');
    const spec = { containers: [{ name: 'c', image: 'busybox' }] };
    writeFileSync(manifest, JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec }));
    expect(await home.minik(['exec', '-f', manifest, '--', 'echo', 'hi'])).toEqual({ code: 0, out: 'hi\n', err: '' });
    writeFileSync(manifest, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: ['a', 'b'].map((name) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec })) }));
    expect((await home.minik(['exec', '-f', manifest, '--', 'echo'])).err).toBe(`error: ${manifest} must hold one object, not 2\n`);
  });

  test('waits for a Pod of a Job to run', async () => {
    const job = await home.api.client.create(JOBS, {
      apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'work', namespace: 'default' }, spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] } } },
    });
    const running = home.minik(['exec', 'job/work', '--', 'echo', 'hi']);
    await pods.start(home.api, 'work-1', { labels: job.spec?.template.metadata?.labels });
    await setPhase('work-1', 'Running');
    expect(await running).toEqual({ code: 0, out: 'hi\n', err: '' });
    expect((await home.minik(['exec', 'job/work', '--pod-running-timeout=1ms', '--', 'true'])).code).toBe(0);
  });
});

describe('attach', () => {
  test('joins the process', async () => {
    await pods.start(home.api, 'reader', { script: 'cat; echo over', stdin: true });
    expect(await home.minik(['attach', '-q', '-i', 'reader'], 'hello ')).toEqual({ code: 0, out: 'hello over\n', err: '' });
  });

  test.each([
    { words: ['attach'], err: 'error: at least 1 argument is required for attach\n' },
    { words: ['attach', 'a', 'b', 'c'], err: 'error: expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw 3: [a b c]\n' },
    { words: ['attach', 'p', '-c', 'x'], err: 'error: cannot attach to the container: container x not found in pod p\n' },
  ])('$words fails: $err', async ({ words, err }) => {
    expect(await home.minik(words)).toEqual({ code: 1, out: '', err });
  });
});

describe('port-forward', () => {
  let server: net.Server;
  let remote: number;

  beforeEach(async () => {
    await pods.start(home.api, 'host', { hostNetwork: true });
    await setPhase('host', 'Running');
    server = net.createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => {}).on('data', (data) => void (data.toString() === 'reset' ? socket.resetAndDestroy() : socket.write(`echo ${data.toString()}`)));
      socket.once('end', () => socket.end());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    remote = (server.address() as AddressInfo).port;
  });

  afterEach(() => {
    server.close();
  });

  /** What the other side says to `text`; undefined when it breaks off. */
  const say = (port: number, text: string): Promise<string | undefined> =>
    new Promise((resolve) => {
      const chunks: Buffer[] = [];
      const socket = net.connect({ host: '127.0.0.1', port, allowHalfOpen: true }, () => socket.end(text));
      socket.on('data', (chunk) => chunks.push(chunk)).once('end', () => resolve(Buffer.concat(chunks).toString())).once('error', () => resolve(undefined));
    });

  const freePort = async (): Promise<number> => {
    const probe = net.createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    probe.close();
    await once(probe, 'close');
    return port;
  };

  test('carries connections, outlives resets and refusals, and ends with its Pod', async () => {
    const [local, nobody] = [await freePort(), await freePort()];
    const running = home.minik(['port-forward', 'pod/host', '--address', '127.0.0.1', `${local}:${remote}`, `${nobody}:${nobody + 1}`]);
    await soon('it listens', async () => (await say(local, 'x')) === 'echo x');
    expect(await Promise.all(['a', 'b', 'c'].map((text) => say(local, text)))).toEqual(['echo a', 'echo b', 'echo c']);
    expect(await say(local, 'reset')).toBeUndefined();
    expect(await say(nobody, 'x')).toBeUndefined();
    expect(await say(local, 'still here')).toBe('echo still here');
    await home.api.client.delete(PODS, { namespace: 'default', name: 'host' }, { gracePeriodSeconds: 0 });
    const { code, out, err } = await running;
    expect(code).toBe(1);
    expect(out).toContain(`Forwarding from 127.0.0.1:${local} -> ${remote}\n`);
    expect(out).toContain(`Handling connection for ${local}\n`);
    expect(err).toContain(`an error occurred forwarding ${nobody} -> ${nobody + 1}: error forwarding port ${nobody + 1} to pod host: failed to connect to 127.0.0.1:${nobody + 1} of the pod: connection refused\n`);
    expect(err.endsWith('error: lost connection to pod\n')).toBe(true);
    expect(await say(local, 'x')).toBeUndefined();
  });

  test('goes on with the next Pod of a Job, and ends with the Job', async () => {
    const job = await home.api.client.create(JOBS, {
      apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'work', namespace: 'default' }, spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] } } },
    });
    const labels = job.spec?.template.metadata?.labels;
    const startPod = async (name: string): Promise<void> => {
      await pods.start(home.api, name, { labels, hostNetwork: true });
      await setPhase(name, 'Running');
    };
    const local = await freePort();
    const running = home.minik(['port-forward', 'job/work', `${local}:${remote}`]);
    await startPod('work-1');
    await soon('it listens', async () => (await say(local, 'x')) === 'echo x');
    await setPhase('work-1', 'Failed');
    const waiting = say(local, 'y');
    await startPod('work-2');
    expect(await waiting).toBe('echo y');
    await home.api.client.delete(JOBS, { namespace: 'default', name: 'work' }, { propagationPolicy: 'Background' });
    await home.api.client.delete(PODS, { namespace: 'default', name: 'work-2' }, { gracePeriodSeconds: 0 });
    const { code, err } = await running;
    expect([code, err]).toEqual([1, 'error: lost connection to pod: job/work has ended\n']);
  });

  test('leads where a Service leads, to a ready Pod, and goes on with another that calls its port the same', async () => {
    const spec = { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'main' }] };
    await home.api.client.create(SERVICES, { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'default' }, spec });
    const startPod = async (name: string, { port, ready }: { readonly port: number; readonly ready: boolean }): Promise<void> => {
      await pods.start(home.api, name, { labels: { app: 'web' }, hostNetwork: true, ports: [{ name: 'main', containerPort: port, hostPort: port }] });
      await setPhase(name, 'Running', ready);
    };
    const [local, nobody] = [await freePort(), await freePort()];
    await startPod('web-1', { port: remote, ready: true });
    await startPod('web-2', { port: nobody, ready: false });
    const stop = new AbortController();
    const running = home.minik(['port-forward', 'svc/web', `${local}:http`], '', { signal: stop.signal });
    await soon('it listens', async () => (await say(local, 'x')) === 'echo x');
    expect(await say(local, 'reset')).toBeUndefined();
    await home.api.client.delete(PODS, { namespace: 'default', name: 'web-1' }, { gracePeriodSeconds: 0 });
    await soon('nobody takes connections', async () => (await say(local, 'y')) === undefined);
    await startPod('web-3', { port: remote, ready: true });
    await soon('the next Pod does', async () => (await say(local, 'z')) === 'echo z');
    stop.abort(new Error('interrupted'));
    expect((await running).out).toContain(`Forwarding from 127.0.0.1:${local} -> ${remote}\n`);
  });

  test.each([
    ['svc/bare', "error: invalid service 'bare': Service is defined without a selector\n"],
    ['svc/web', 'error: Service web does not have a service port 81\n'],
  ])('to %s fails: %s', async (target, err) => {
    await setPhase('p', 'Running');
    await home.api.client.patch(PODS, { namespace: 'default', name: 'p' }, { type: 'merge', body: { metadata: { labels: { app: 'web' } } } });
    const create = (name: string, spec: object): Promise<unknown> => home.api.client.create(SERVICES, { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec: { ports: [{ port: 80 }], ...spec } });
    await create('bare', {});
    await create('web', { selector: { app: 'web' } });
    expect(await home.minik(['port-forward', target, '81'])).toEqual({ code: 1, out: '', err });
  });

  test('ends quietly when it is interrupted', async () => {
    const stop = new AbortController();
    const local = await freePort();
    const running = home.minik(['port-forward', 'host', `${local}:${remote}`], '', { signal: stop.signal });
    await soon('it listens', async () => (await say(local, 'x')) === 'echo x');
    stop.abort(new Error('interrupted'));
    expect(await running).toMatchObject({ code: 0, err: '' });
  });

  test('listens nowhere when a port is taken', async () => {
    const { code, err } = await home.minik(['port-forward', 'host', '--address=127.0.0.1', `${remote}`]);
    expect(code).toBe(1);
    expect(err).toMatch(new RegExp(`^Unable to listen on port ${remote}: .*EADDRINUSE.*\\nerror: unable to listen on any of the requested ports: \\[\\{${remote} ${remote}\\}\\]\\n$`));
  });

  test.each([
    { words: ['port-forward', 'host'], err: "error: TYPE/NAME and list of ports are required for port-forward\nSee 'minik port-forward -h' for help and examples\n" },
    { words: ['port-forward', 'p', '80'], err: 'error: unable to forward port because pod is not running. Current status=Pending\n' },
    { words: ['port-forward', 'svc/kubernetes', '443'], err: 'Error from server (NotFound): services "kubernetes" not found\n' },
  ])('$words fails: $err', async ({ words, err }) => {
    expect(await home.minik(words)).toEqual({ code: 1, out: '', err });
  });
});

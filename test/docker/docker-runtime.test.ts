// What only the real engine can show; what every runtime must do stands in the contract.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import { SANDBOX, type RuntimeEvent } from '../../src/kubelet/runtime/container-runtime.ts';
import { createDockerRuntime } from '../../src/kubelet/runtime/docker/docker-runtime.ts';
import { useDocker, type DockerUnderTest } from '../support/docker.ts';

let docker: DockerUnderTest;
beforeAll(async () => {
  docker = await useDocker();
});
afterAll(() => docker.close());

const sh = (script: string) => ({ entrypoint: ['sh', '-c', script] });

describe('containers', () => {
  test('carry the labels by which the cluster finds them, and no other cluster sees them', async () => {
    const spec = docker.spec();
    const id = await docker.runtime.create(spec);
    const json = await docker.engine.json({ method: 'GET', path: `/containers/${id}/json` });
    expect(json).toMatchObject({
      Config: {
        Labels: {
          'minik.dev/cluster': docker.clusterId,
          'minik.dev/namespace': 'default',
          'minik.dev/pod': 'pod',
          'minik.dev/pod-uid': spec.identity.podUid,
          'minik.dev/container': 'main',
          'minik.dev/attempt': '0',
        },
      },
    });
    const other = await useDocker();
    expect(await other.runtime.inspect(id)).toBeUndefined();
    expect(await other.runtime.list()).toEqual([]);
    await other.close();
    expect(await docker.runtime.inspect(id)).toMatchObject({ id, phase: 'created' });
  });

  test('of one identity are one, however many create it at once', async () => {
    const spec = docker.spec();
    const ids = await Promise.all(Array.from({ length: 5 }, () => docker.runtime.create(spec)));
    expect(new Set(ids).size).toBe(1);
    expect(await docker.runtime.list({ podUid: spec.identity.podUid })).toHaveLength(1);
  });

  test('get limits as cgroup limits, also above what the machine has', async () => {
    const id = await docker.run({ resources: { memoryLimitBytes: 32 << 20, cpuLimitMillis: 64_000, cpuRequestMillis: 250 }, ...sh('true') });
    const json = await docker.engine.json({ method: 'GET', path: `/containers/${id}/json` });
    expect(json).toMatchObject({ HostConfig: { Memory: 32 << 20, MemorySwap: 32 << 20, CpuQuota: 6_400_000, CpuShares: 256 } });
    expect(await docker.untilExited(id)).toMatchObject({ exitCode: 0 });
  });

  test('that take more memory than they may are marked so', async () => {
    const id = await docker.run({ resources: { memoryLimitBytes: 16 << 20 }, ...sh('x=$(yes | head -c 100000000); echo $x | wc -c') });
    expect(await docker.untilExited(id)).toMatchObject({ phase: 'exited', oomKilled: true });
  });

  test.each([
    [['/nope'], 127],
    [['/etc'], 126],
  ])('whose command is %s cannot be started, in the words of the engine', async (entrypoint, exitCode) => {
    const id = await docker.runtime.create(docker.spec({ entrypoint }));
    await expect(docker.runtime.start(id)).rejects.toMatchObject({ code: 'StartFailed', message: expect.stringContaining(entrypoint[0] ?? '') });
    const state = await docker.runtime.inspect(id);
    expect(state).toMatchObject({ phase: 'created', exitCode });
    expect(state?.error).not.toBe('');
  });

  test('whose mount is not there are rejected', async () => {
    const spec = docker.spec({ mounts: [{ hostPath: '/no/such/place', containerPath: '/x', readOnly: true }] });
    await expect(docker.runtime.create(spec)).rejects.toMatchObject({ code: 'Rejected', message: expect.stringContaining('/no/such/place') });
  });

  test('being removed by two at once are gone for both', async () => {
    const id = await docker.run({ ...sh('sleep 100') });
    await Promise.all([docker.runtime.remove(id), docker.runtime.remove(id)]);
    expect(await docker.runtime.inspect(id)).toBeUndefined();
  });

  test('start side by side while streams and slow stops are open', async () => {
    const stubborn = await docker.run({ ...sh('trap "" TERM; while true; do sleep 1; done') });
    const stop = new AbortController();
    const follows = Array.from({ length: 20 }, () => collect(docker.runtime.logs(stubborn, { follow: true, timestamps: false, signal: stop.signal })));
    const stopping = docker.runtime.stop(stubborn, { graceSeconds: 5 });
    const before = performance.now();
    const ids = await Promise.all(Array.from({ length: 10 }, () => docker.runtime.create(docker.spec(sh('true')))));
    expect(ids).toHaveLength(10);
    // Far below the grace period that the stop above takes in full.
    expect(performance.now() - before).toBeLessThan(4000);
    stop.abort();
    await Promise.all(follows);
    await docker.runtime.kill(stubborn, 'KILL');
    await stopping;
  });
});

describe('the sandbox', () => {
  test('is built in, holds the network of its pod, and ends at once when told to', async () => {
    const image = await docker.runtime.sandboxImage();
    const { identity } = docker.spec();
    const sandbox = await docker.run({ image, identity: { ...identity, container: SANDBOX }, hostname: 'my-pod' });
    const member = await docker.run({ identity, network: { type: 'join', containerId: sandbox }, ...sh('hostname; hostname -i') });
    await docker.untilExited(member);
    const ip = (await docker.runtime.inspect(sandbox))?.ip;
    expect(ip).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect(await docker.logText(member)).toBe(`my-pod\n${ip}\n`);
    const before = performance.now();
    await docker.runtime.stop(sandbox, { graceSeconds: 30 });
    expect(performance.now() - before).toBeLessThan(10_000);
    expect(await docker.runtime.inspect(sandbox)).toMatchObject({ phase: 'exited', exitCode: 0, ip: '' });
  });

  test('reaps the orphans of a shared process namespace', async () => {
    const image = await docker.runtime.sandboxImage();
    const { identity } = docker.spec();
    const sandbox = await docker.run({ image, identity: { ...identity, container: SANDBOX } });
    const member = await docker.run({
      identity,
      network: { type: 'join', containerId: sandbox },
      shareProcessNamespaceWith: sandbox,
      ...sh('(sh -c "exit 0" & exec true); sleep 0.2; ps -o stat,comm | grep -c Z; true'),
    });
    await docker.untilExited(member);
    expect(await docker.logText(member)).toBe('0\n');
  });

  test('is made again when somebody has removed its image', async () => {
    const own = docker.runtime;
    const image = await own.sandboxImage();
    await own.reset();
    await docker.engine.done({ method: 'DELETE', path: `/images/${image}`, query: { force: true } });
    expect(await own.image(image)).toBeUndefined();
    await own.sandboxImage();
    expect(await own.image(image)).toMatchObject({ tags: [image], user: '65535:65535' });
  });
});

describe('logs', () => {
  test('can be had a stream at a time, by the tail, and cut at a number of bytes', async () => {
    const id = await docker.run(sh('echo one; sleep 0.05; echo two >&2; sleep 0.05; echo three'));
    await docker.untilExited(id);
    const signal = AbortSignal.timeout(10_000);
    expect(await docker.logText(id)).toBe('one\ntwo\nthree\n');
    expect(await docker.logText(id, { stream: 'stdout' })).toBe('one\nthree\n');
    expect(await docker.logText(id, { stream: 'stderr' })).toBe('two\n');
    expect(await docker.logText(id, { tailLines: 1 })).toBe('three\n');
    expect(await docker.logText(id, { tailLines: 0 })).toBe('');
    expect(await collect(docker.runtime.logs(id, { follow: false, timestamps: false, limitBytes: 6, signal }))).toBe('one\ntw');
    expect(await collect(docker.runtime.logs(id, { follow: false, timestamps: true, signal }))).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z one\n/);
    expect(await collect(docker.runtime.logs(id, { follow: false, timestamps: false, sinceMs: Date.now() + 60_000, signal }))).toBe('');
  });

  test('of a terminal come as they are', async () => {
    const id = await docker.run({ tty: true, ...sh('echo out; echo err >&2') });
    await docker.untilExited(id);
    expect(await docker.logText(id)).toBe('out\r\nerr\r\n');
  });

  test('are followed to the end of the container', async () => {
    const id = await docker.run(sh('for i in 1 2 3; do echo $i; sleep 0.1; done'));
    expect(await collect(docker.runtime.logs(id, { follow: true, timestamps: false, signal: AbortSignal.timeout(20_000) }))).toBe('1\n2\n3\n');
  });

  test('end quietly when nobody wants to follow any longer', async () => {
    const id = await docker.run(sh('echo first; sleep 100'));
    const stop = new AbortController();
    const seen: string[] = [];
    for await (const chunk of docker.runtime.logs(id, { follow: true, timestamps: false, signal: stop.signal })) {
      seen.push(Buffer.from(chunk).toString('utf8'));
      stop.abort();
    }
    expect(seen).toEqual(['first\n']);
    await docker.runtime.remove(id);
  });

  test('of a container that is not there are NotFound', async () => {
    await expect(collect(docker.runtime.logs('nope', { follow: false, timestamps: false, signal: AbortSignal.timeout(5000) }))).rejects.toMatchObject({ code: 'NotFound' });
  });
});

describe('files', () => {
  test('are read through links, up to the limit, from containers that have ended', async () => {
    const id = await docker.run(sh('echo message > /tmp/real; ln -s real /tmp/link; ln -s /tmp/link /tmp/far'));
    await docker.untilExited(id);
    const read = async (path: string, limit = 4096): Promise<string | undefined> => {
      const found = await docker.runtime.readFile(id, path, limit);
      return found && Buffer.from(found).toString('utf8');
    };
    expect(await read('/tmp/real')).toBe('message\n');
    expect(await read('/tmp/far')).toBe('message\n');
    expect(await read('/tmp/real', 4)).toBe('mess');
    expect(await read('/tmp/none')).toBeUndefined();
    expect(await read('/tmp')).toBeUndefined();
  });
});

describe('images', () => {
  test('are known by any of their names', async () => {
    const image = await docker.runtime.image('busybox');
    expect(image?.tags).toContain('busybox:latest');
    expect(await docker.runtime.image('docker.io/library/busybox:latest')).toEqual(image);
    expect(await docker.runtime.image(image?.id ?? '')).toEqual(image);
    expect(await docker.runtime.image('busybox:no-such-tag')).toBeUndefined();
    expect((await docker.runtime.images()).map((each) => each.id)).toContain(image?.id);
  });

  test('that cannot be pulled tell silence from refusal', async () => {
    const signal = AbortSignal.timeout(20_000);
    await expect(docker.runtime.pull('localhost:1/x', { signal })).rejects.toMatchObject({ code: 'PullFailed', unreachable: true });
    const registry = await listen(createServer((_request, response) => response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}')));
    await expect(docker.runtime.pull(`${registry.address}/x:1`, { signal })).rejects.toMatchObject({ code: 'PullFailed', unreachable: false });
    await registry.close();
  });

  test('whose names are none are refused before the engine is asked', async () => {
    const signal = AbortSignal.timeout(5000);
    await expect(docker.runtime.pull('Not Valid', { signal })).rejects.toMatchObject({ code: 'InvalidImageName' });
    await expect(docker.runtime.create(docker.spec({ image: 'a//b' }))).rejects.toMatchObject({ code: 'InvalidImageName' });
    await expect(docker.runtime.create(docker.spec({ image: 'not-here:1' }))).rejects.toMatchObject({ code: 'ImageNotFound' });
  });

  test('a pull that is called off rejects with the reason', async () => {
    const silent = await listen(createServer(() => {}));
    const stop = new AbortController();
    const pull = docker.runtime.pull(`${silent.address}/x:1`, { signal: stop.signal });
    const reason = new Error('enough');
    stop.abort(reason);
    await expect(pull).rejects.toBe(reason);
    await silent.close();
  });
});

describe('events', () => {
  test('tell of this cluster alone, each opening of the stream first', async () => {
    const other = await useDocker();
    const stop = new AbortController();
    const events = docker.runtime.events(stop.signal)[Symbol.asyncIterator]();
    expect((await events.next()).value).toEqual({ type: 'resync' });
    const foreign = await other.run(sh('true'));
    const { identity } = docker.spec();
    const id = await docker.run({ identity, ...sh('exit 3') });
    const seen: RuntimeEvent[] = [];
    while (!seen.some((event) => event.type === 'container' && event.action === 'die')) seen.push((await events.next()).value as RuntimeEvent);
    const ours = { type: 'container', podUid: identity.podUid, containerId: id, atMs: expect.any(Number) };
    expect(seen).toEqual([{ ...ours, action: 'create' }, { ...ours, action: 'start' }, { ...ours, action: 'die', exitCode: 3 }]);
    expect(JSON.stringify(seen)).not.toContain(foreign);
    stop.abort();
    expect(await events.next()).toMatchObject({ done: true });
    await other.close();
  });

  test('come back after the engine was away, and say that something may have been missed', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'minik-engine-')), 'engine.sock');
    const engine = await listen(fakeEvents(), path);
    const clock = { ...systemClock, setTimer: (_delay: number, run: () => void) => systemClock.setTimer(1, run) };
    const runtime = createDockerRuntime({ endpoint: { type: 'unix', socketPath: path }, clusterId: 'c', clock, log: silentLogger });
    const stop = new AbortController();
    const events = runtime.events(stop.signal)[Symbol.asyncIterator]();
    expect((await events.next()).value).toEqual({ type: 'resync' });
    await engine.close();
    const next = events.next();
    const again = await listen(fakeEvents(), path);
    expect((await next).value).toEqual({ type: 'broken' });
    expect((await events.next()).value).toEqual({ type: 'resync' });
    stop.abort();
    expect(await events.next()).toMatchObject({ done: true });
    await again.close();
    runtime.close();
    rmSync(join(path, '..'), { recursive: true });
  });
});

describe('an engine', () => {
  const at = (socketPath: string) =>
    createDockerRuntime({ endpoint: { type: 'unix', socketPath }, clusterId: 'c', clock: systemClock, log: silentLogger });

  test('that is not there is Unavailable, and says where it was looked for', async () => {
    const runtime = at('/no/such/docker.sock');
    await expect(runtime.version()).rejects.toMatchObject({ code: 'Unavailable', message: expect.stringContaining('unix:///no/such/docker.sock') });
    await expect(runtime.list()).rejects.toMatchObject({ code: 'Unavailable' });
    runtime.close();
  });

  test.each([
    ['too old to serve is named', '1.40', '1.12', 'Unavailable'],
    ['too new for the usual version is spoken to in its own', '1.60', '1.50', undefined],
  ])('that is %s', async (_is, newest, oldest, code) => {
    const path = join(mkdtempSync(join(tmpdir(), 'minik-engine-')), 'engine.sock');
    const asked: (string | undefined)[] = [];
    const engine = await listen(
      createServer((request, response) => {
        asked.push(request.url);
        response.end(request.url === '/version' ? JSON.stringify({ ApiVersion: newest, MinAPIVersion: oldest }) : '[]');
      }),
      path,
    );
    const runtime = at(path);
    if (code === undefined) {
      expect(await runtime.images()).toEqual([]);
      expect(asked).toEqual(['/version', `/v${oldest}/images/json`]);
    } else await expect(runtime.images()).rejects.toMatchObject({ code, message: expect.stringContaining('1.41') });
    runtime.close();
    await engine.close();
    rmSync(join(path, '..'), { recursive: true });
  });

  test('says what it is', async () => {
    const version = await docker.runtime.version();
    expect(version).toMatchObject({ name: 'docker', cpus: expect.any(Number), gateway: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/) });
    expect(version.memoryBytes).toBeGreaterThan(0);
  });
});

describe('reset', () => {
  test('removes containers, networks and volumes of this cluster, and nothing else', async () => {
    const own = await useDocker();
    const Labels = { 'minik.dev/cluster': own.clusterId };
    await own.run(sh('sleep 100'));
    await own.engine.json({ method: 'POST', path: '/networks/create', json: { Name: own.clusterId, Labels } });
    await own.engine.json({ method: 'POST', path: '/volumes/create', json: { Name: own.clusterId, Labels } });
    const kept = await docker.runtime.create(docker.spec());
    await own.runtime.reset();
    expect(await own.runtime.list()).toEqual([]);
    const filters = JSON.stringify({ label: [`minik.dev/cluster=${own.clusterId}`] });
    expect(await own.engine.json({ method: 'GET', path: '/networks', query: { filters } })).toEqual([]);
    expect(await own.engine.json({ method: 'GET', path: '/volumes', query: { filters } })).not.toMatchObject({ Volumes: [expect.anything()] });
    expect(await docker.runtime.inspect(kept)).toBeDefined();
    await own.close();
  });
});

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString('utf8');
}

/** An engine that knows its version and has an event stream on which nothing happens. */
function fakeEvents(): Server {
  return createServer((request, response) => {
    if (request.url === '/version') response.end(JSON.stringify({ ApiVersion: '1.41', MinAPIVersion: '1.12' }));
    else response.writeHead(200).flushHeaders();
  });
}

async function listen(server: Server, path?: string): Promise<{ readonly address: string; close(): Promise<void> }> {
  await new Promise<void>((resolve) => (path === undefined ? server.listen(0, '127.0.0.1', resolve) : server.listen(path, resolve)));
  const bound = server.address();
  return {
    address: typeof bound === 'object' && bound !== null ? `127.0.0.1:${bound.port}` : '',
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

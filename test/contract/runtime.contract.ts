// What every ContainerRuntime must do: the port's promises as tests. Runs for Docker and for the fake alike.
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RuntimeError, type ExecOptions, type ExecSession, type ProcessStreams, type ContainerRuntime, type ContainerSpec, type ContainerState, type LogQuery, type RuntimeEvent } from '../../src/kubelet/runtime/container-runtime.ts';
import { soon } from '../support/virtual-clock.ts';

export interface RuntimeUnderTest {
  readonly runtime: ContainerRuntime;
  /** An image with sh, echo and sleep. */
  readonly image: string;
  /** Called after the suite, when nothing of the runtime's containers is left. */
  close(): Promise<void>;
}

export function runtimeContract(name: string, open: () => Promise<RuntimeUnderTest>): void {
  let under: RuntimeUnderTest;
  let runtime: ContainerRuntime;

  beforeAll(async () => {
    under = await open();
    runtime = under.runtime;
  });

  afterAll(async () => {
    await runtime.reset();
    expect(await runtime.list()).toEqual([]);
    await under.close();
  });

  const specOf = (script: string, change: Partial<ContainerSpec> = {}): ContainerSpec => ({
    identity: { namespace: 'default', pod: 'pod', podUid: randomUUID(), container: 'main', attempt: 0 },
    image: under.image,
    entrypoint: ['sh', '-c', script],
    env: [],
    network: { type: 'own' },
    mounts: [],
    resources: {},
    stdin: false,
    stdinOnce: false,
    tty: false,
    ...change,
  });

  const run = async (spec: ContainerSpec): Promise<string> => {
    const id = await runtime.create(spec);
    await runtime.start(id);
    return id;
  };

  const untilExited = (id: string): Promise<ContainerState> =>
    soon(`container ${id} has exited`, async () => {
      const state = await runtime.inspect(id);
      return state?.phase === 'exited' ? state : undefined;
    }, { timeoutMs: 20_000 });

  const logText = async (id: string, query: Partial<LogQuery> = {}): Promise<string> => {
    const chunks = await Array.fromAsync(runtime.logs(id, { follow: false, timestamps: false, signal: AbortSignal.timeout(20_000), ...query }));
    return Buffer.concat(chunks).toString();
  };

  const codeOf = async (call: Promise<unknown>): Promise<string> => {
    const error = await call.then(() => undefined, (reason: unknown) => reason);
    return error instanceof RuntimeError ? error.code : `no RuntimeError: ${String(error)}`;
  };

  describe(`${name}: create`, () => {
    test('makes a container that has not run, and keeps identity and labels', async () => {
      const spec = specOf('true', { labels: { 'example.org/colour': 'red' } });
      const state = await runtime.inspect(await runtime.create(spec));
      expect(state).toMatchObject({ identity: spec.identity, phase: 'created', startedAt: 0, exitCode: 0, error: '', ip: '' });
      expect(state?.labels).toMatchObject({ 'example.org/colour': 'red' });
      expect(state?.createdAt).toBeGreaterThan(0);
    });

    test('gives back the container that the identity already has', async () => {
      const spec = specOf('true');
      const first = await runtime.create(spec);
      expect(await runtime.create(spec)).toBe(first);
      expect(await runtime.create({ ...spec, identity: { ...spec.identity, attempt: 1 } })).not.toBe(first);
      expect(await runtime.list({ podUid: spec.identity.podUid })).toHaveLength(2);
    });

    test('says that the image is not here', async () => {
      expect(await codeOf(runtime.create(specOf('true', { image: 'minik.test/no-such-image:1' })))).toBe('ImageNotFound');
    });

    test('says that the image has no proper name', async () => {
      expect(await codeOf(runtime.create(specOf('true', { image: 'UPPER CASE' })))).toBe('InvalidImageName');
    });
  });

  describe(`${name}: a run`, () => {
    test.each([['exit 0', 0], ['exit 7', 7], ['false', 1]] as const)('of "%s" ends with %i', async (script, exitCode) => {
      const state = await untilExited(await run(specOf(script)));
      expect(state).toMatchObject({ exitCode, oomKilled: false, error: '', ip: '' });
      expect(state.startedAt).toBeGreaterThan(0);
      expect(state.finishedAt).toBeGreaterThanOrEqual(state.startedAt);
    });

    test('has an address while it lasts, and may be started again without harm', async () => {
      const id = await run(specOf('sleep 60'));
      await runtime.start(id);
      const state = await runtime.inspect(id);
      expect(state?.phase).toBe('running');
      expect(state?.ip).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
      await runtime.remove(id);
    });

    test('leaves its address behind when it is over; what joined another had none', async () => {
      const holder = await run(specOf('sleep 30'));
      const { ip } = (await runtime.inspect(holder))!;
      const guest = await run(specOf('true', { network: { type: 'join', containerId: holder } }));
      await untilExited(guest);
      await runtime.kill(holder, 'SIGKILL');
      expect((await untilExited(holder)).ip).toBe('');
      expect(await runtime.lastIp(holder)).toBe(ip);
      expect(await runtime.lastIp(guest)).toBe('');
      expect(await runtime.lastIp('0'.repeat(64))).toBe('');
    });

    test('sees its arguments and its environment', async () => {
      const id = await run(specOf('', { entrypoint: ['echo'], cmd: ['a', 'b'] }));
      const other = await run(specOf('echo $WORD', { env: [['WORD', 'hello']] }));
      await untilExited(id);
      await untilExited(other);
      expect([await logText(id), await logText(other)]).toEqual(['a b\n', 'hello\n']);
    });

    test('that cannot begin fails with StartFailed and the words why', async () => {
      const id = await runtime.create(specOf('', { entrypoint: ['no-such-program'] }));
      expect(await codeOf(runtime.start(id))).toBe('StartFailed');
      const state = await runtime.inspect(id);
      expect(state?.phase).not.toBe('running');
      expect(state).toMatchObject({ startedAt: 0 });
      expect(state?.error).toContain('executable file not found in $PATH');
    });

    test('shares the network it joins', async () => {
      const podUid = randomUUID();
      const identity = { namespace: 'default', pod: 'pod', podUid, attempt: 0 };
      const holder = await run(specOf('sleep 60', { identity: { ...identity, container: 'POD' } }));
      const joined = await run(specOf('sleep 60', { identity: { ...identity, container: 'main' }, network: { type: 'join', containerId: holder } }));
      expect(await runtime.inspect(joined)).toMatchObject({ phase: 'running', ip: '' });
      await runtime.remove(joined);
      await runtime.remove(holder);
    });

    test('writes into what is mounted', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'minik-contract-'));
      await untilExited(await run(specOf('echo kept > /data/file', { mounts: [{ hostPath: folder, containerPath: '/data', readOnly: false }] })));
      expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('kept\n');
      rmSync(folder, { recursive: true });
    });

    test('leaves folders that can be opened to everybody, with what is in them', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'minik-open-'));
      const deep = join('made', 'x'.repeat(120));
      mkdirSync(join(folder, deep), { recursive: true });
      writeFileSync(join(folder, deep, 'file'), 'kept', { mode: 0o600 });
      chmodSync(join(folder, deep), 0o500);
      await runtime.openFolders(folder, ['made', deep]);
      expect([statSync(join(folder, 'made')).mode & 0o777, statSync(join(folder, deep)).mode & 0o777, statSync(join(folder, deep, 'file')).mode & 0o777]).toEqual([0o777, 0o777, 0o600]);
      expect(readFileSync(join(folder, deep, 'file'), 'utf8')).toBe('kept');
      expect(await runtime.list()).toEqual(expect.not.arrayContaining([expect.objectContaining({ phase: 'created', image: await runtime.sandboxImage() })]));
      rmSync(folder, { recursive: true });
    });

    test('of the sandbox image lasts until it is stopped', async () => {
      const id = await run({ ...specOf('', { image: await runtime.sandboxImage() }), entrypoint: undefined });
      expect(await runtime.inspect(id)).toMatchObject({ phase: 'running' });
      await runtime.remove(id);
    });
  });

  describe(`${name}: an end`, () => {
    test('by stop lets the process finish by itself', async () => {
      const id = await run(specOf("trap 'exit 5' TERM; echo ready; sleep 60 & wait"));
      await soon('the trap is set', async () => (await logText(id)) === 'ready\n', { timeoutMs: 20_000 });
      await runtime.stop(id, { graceSeconds: 20 });
      expect(await runtime.inspect(id)).toMatchObject({ phase: 'exited', exitCode: 5 });
    });

    test('by stop kills what does not go', async () => {
      const id = await run(specOf("trap '' TERM; sleep 60"));
      await runtime.stop(id, { graceSeconds: 1 });
      expect(await runtime.inspect(id)).toMatchObject({ phase: 'exited', exitCode: 137 });
    });

    test('by kill is at once', async () => {
      const id = await run(specOf('sleep 60'));
      await runtime.kill(id, 'SIGKILL');
      expect(await untilExited(id)).toMatchObject({ exitCode: 137, oomKilled: false });
    });

    test('may be asked for again', async () => {
      const id = await run(specOf('true'));
      await untilExited(id);
      await runtime.stop(id, { graceSeconds: 1 });
      await runtime.kill(id, 'SIGKILL');
      await runtime.remove(id);
      await runtime.remove(id);
      await runtime.stop(id, { graceSeconds: 1 });
      await runtime.kill(id, 'SIGKILL');
      expect(await runtime.inspect(id)).toBeUndefined();
    });

    test('by remove takes a running container too', async () => {
      const spec = specOf('sleep 60');
      const id = await run(spec);
      await runtime.remove(id);
      expect(await runtime.list({ podUid: spec.identity.podUid })).toEqual([]);
    });
  });

  describe(`${name}: list`, () => {
    test('tells the containers of one pod, with all that inspect tells', async () => {
      const spec = specOf('exit 2');
      const id = await run(spec);
      const state = await untilExited(id);
      expect(await runtime.list({ podUid: spec.identity.podUid })).toEqual([state]);
      expect((await runtime.list()).map((container) => container.id)).toContain(id);
      expect(await runtime.list({ podUid: randomUUID() })).toEqual([]);
    });
  });

  describe(`${name}: logs`, () => {
    test('are told by stream, tail, bytes and time', async () => {
      const id = await run(specOf('echo one; echo two >&2; sleep 0.2; echo three'));
      await untilExited(id);
      expect(await logText(id, { stream: 'stdout' })).toBe('one\nthree\n');
      expect(await logText(id, { stream: 'stderr' })).toBe('two\n');
      expect(await logText(id, { tailLines: 1 })).toBe('three\n');
      expect(await logText(id, { stream: 'stdout', limitBytes: 5 })).toBe('one\nt');
      expect(await logText(id, { tailLines: 1, timestamps: true })).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z three\n$/);
      expect(await logText(id, { sinceMs: Date.UTC(2100, 0, 1) })).toBe('');
    });

    test('are followed to the end of the run', async () => {
      const id = await run(specOf('echo one; sleep 0.3; echo two'));
      expect(await logText(id, { follow: true })).toBe('one\ntwo\n');
    });

    test('stop quietly when nobody reads on', async () => {
      const id = await run(specOf('echo one; sleep 60'));
      const abort = new AbortController();
      for await (const chunk of runtime.logs(id, { follow: true, timestamps: false, signal: abort.signal })) {
        expect(Buffer.from(chunk).toString()).toBe('one\n');
        abort.abort();
      }
      await runtime.remove(id);
    });
  });

  const texts = async ({ output }: ProcessStreams): Promise<{ readonly stdout: string; readonly stderr: string }> => {
    const chunks = await Array.fromAsync(output);
    const of = (wanted: string): string => Buffer.concat(chunks.filter(({ stream }) => stream === wanted).map(({ bytes }) => bytes)).toString();
    return { stdout: of('stdout'), stderr: of('stderr') };
  };

  describe(`${name}: exec`, () => {
    let id: string;
    beforeAll(async () => {
      id = await run(specOf('sleep 600'));
    });

    const exec = (command: readonly string[], options: Partial<ExecOptions> = {}): Promise<ExecSession> =>
      runtime.exec(id, { command, stdin: false, tty: false, ...options });

    test.each([['exit 0', 0], ['exit 7', 7], ['false', 1]] as const)('of "%s" ends with %i, its output apart', async (last, exitCode) => {
      const session = await exec(['sh', '-c', `echo out; echo err >&2; ${last}`]);
      expect(await texts(session)).toEqual({ stdout: 'out\n', stderr: 'err\n' });
      expect(await session.exitCode).toBe(exitCode);
    });

    test('with a terminal has one output', async () => {
      const session = await exec(['sh', '-c', 'echo out; echo err >&2'], { tty: true, size: { columns: 100, rows: 30 } });
      const { stdout, stderr } = await texts(session);
      expect([stdout.replaceAll('\r', ''), stderr]).toEqual(['out\nerr\n', '']);
    });

    test('reads what is written, to its end', async () => {
      const session = await exec(['cat'], { stdin: true });
      await session.write(Buffer.from('one '));
      await session.write(Buffer.from('two'));
      session.endInput();
      expect(await texts(session)).toEqual({ stdout: 'one two', stderr: '' });
      expect(await session.exitCode).toBe(0);
      await session.write(Buffer.from('too late'));
      session.endInput();
    });

    test('that cannot begin fails with the words why, and has no output', async () => {
      const session = await exec(['no-such-program']);
      expect(await texts(session)).toEqual({ stdout: '', stderr: '' });
      await expect(session.exitCode).rejects.toMatchObject({ code: 'StartFailed', message: expect.stringContaining('executable file not found in $PATH') });
    });

    test('needs a container, and one that runs', async () => {
      const ended = await run(specOf('true'));
      await untilExited(ended);
      const options = { command: ['true'], stdin: false, tty: false };
      expect(await codeOf(runtime.exec(ended, options))).toBe('Conflict');
      expect(await codeOf(runtime.exec('0'.repeat(64), options))).toBe('NotFound');
    });

    test('is killed when it hangs, with its exit code told', async () => {
      const session = await exec(['sleep', '600']);
      await session.kill();
      expect(await texts(session)).toEqual({ stdout: '', stderr: '' });
      expect(await session.exitCode).toBe(137);
    });

    test('may be left: its output ends, its exit code is not told', async () => {
      const session = await exec(['sleep', '2']);
      session.close();
      expect(await texts(session)).toEqual({ stdout: '', stderr: '' });
      await expect(session.exitCode).rejects.toMatchObject({ code: 'Failed' });
    });

    test('brings much output whole to a slow reader', async () => {
      const session = await exec(['head', '-c', '3000000', '/dev/zero']);
      let size = 0;
      let pauses = 20;
      for await (const { bytes } of session.output) {
        size += bytes.length;
        if ((pauses -= 1) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      }
      expect(size).toBe(3_000_000);
      expect(await session.exitCode).toBe(0);
    });

    test('ends with its container', async () => {
      const other = await run(specOf('sleep 600'));
      const session = await runtime.exec(other, { command: ['sh', '-c', 'echo ready; sleep 600'], stdin: false, tty: false });
      const seen: string[] = [];
      for await (const { bytes } of session.output) {
        seen.push(Buffer.from(bytes).toString());
        await runtime.kill(other, 'SIGKILL');
      }
      expect(seen).toEqual(['ready\n']);
      expect(await session.exitCode).toBe(137);
    });
  });

  describe(`${name}: attach`, () => {
    const attach = (id: string, stdin: boolean): Promise<ProcessStreams> => runtime.attach(id, { stdin, stdout: true, stderr: true });

    test('joins the input and the output of the process until it ends', async () => {
      const id = await run(specOf('cat; echo over >&2; exit 4', { stdin: true, stdinOnce: true }));
      const streams = await attach(id, true);
      await streams.write(Buffer.from('hello'));
      streams.endInput();
      expect(await texts(streams)).toEqual({ stdout: 'hello', stderr: 'over\n' });
      expect(await untilExited(id)).toMatchObject({ exitCode: 4 });
    });

    test('leaves the process running when it is left', async () => {
      const id = await run(specOf('cat', { stdin: true }));
      const first = await attach(id, true);
      await first.write(Buffer.from('one'));
      for await (const { bytes } of first.output) {
        expect(Buffer.from(bytes).toString()).toBe('one');
        first.close();
      }
      const second = await attach(id, true);
      await second.write(Buffer.from('two'));
      for await (const { bytes } of second.output) {
        expect(Buffer.from(bytes).toString()).toBe('two');
        second.close();
      }
      expect(await runtime.inspect(id)).toMatchObject({ phase: 'running' });
      await runtime.remove(id);
    });

    test('goes on with the output when the input ends, where the process keeps its own', async () => {
      const id = await run(specOf('cat', { stdin: true }));
      const streams = await attach(id, true);
      await streams.write(Buffer.from('one'));
      streams.endInput();
      for await (const { bytes } of streams.output) {
        expect(Buffer.from(bytes).toString()).toBe('one');
        streams.close();
      }
      expect(await runtime.inspect(id)).toMatchObject({ phase: 'running' });
      await runtime.remove(id);
    });

    test('needs a container, and one that runs', async () => {
      const ended = await run(specOf('true'));
      await untilExited(ended);
      expect(await codeOf(attach(ended, false))).toBe('Conflict');
      expect(await codeOf(attach('0'.repeat(64), false))).toBe('NotFound');
    });
  });

  describe(`${name}: counters`, () => {
    test('are told of what runs, and of nothing else', async () => {
      const busy = await run(specOf('sleep 600'));
      const ended = await run(specOf('true'));
      await untilExited(ended);
      const created = await runtime.create(specOf('true'));
      const ids = [busy, ended, created, '0'.repeat(64)];
      const first = await soon('counters', async () => {
        const counters = await runtime.counters(ids);
        return (counters.get(busy)?.cpuNanos ?? 0) > 0 && counters;
      }, { timeoutMs: 20_000 });
      expect([...first.keys()]).toEqual([busy]);
      const before = first.get(busy)!;
      expect(before.memoryBytes).toBeGreaterThan(0);
      const later = await soon('more', async () => {
        const counters = (await runtime.counters([busy])).get(busy)!;
        return counters.readAt > before.readAt && counters;
      }, { timeoutMs: 20_000 });
      expect(later.cpuNanos).toBeGreaterThanOrEqual(before.cpuNanos);
      await runtime.remove(busy);
      expect(await runtime.counters([])).toEqual(new Map());
    });
  });

  describe(`${name}: another size`, () => {
    const MiB = 2 ** 20;

    test('is told as it was asked for, and taken on while the container runs', async () => {
      const id = await run(specOf('sleep 60', { resources: { memoryLimitBytes: 64 * MiB, cpuLimitMillis: 500, cpuRequestMillis: 150 } }));
      expect((await runtime.inspect(id))?.resources).toEqual({ memoryLimitBytes: 64 * MiB, cpuLimitMillis: 500, cpuRequestMillis: 150 });
      await runtime.resize(id, { memoryLimitBytes: 96 * MiB, cpuLimitMillis: 700, cpuRequestMillis: 333 });
      expect(await runtime.inspect(id)).toMatchObject({ phase: 'running', resources: { memoryLimitBytes: 96 * MiB, cpuLimitMillis: 700, cpuRequestMillis: 333 } });
      await runtime.resize(id, { memoryLimitBytes: 32 * MiB });
      expect((await runtime.inspect(id))?.resources).toEqual({ memoryLimitBytes: 32 * MiB, cpuLimitMillis: 700, cpuRequestMillis: 333 });
      await runtime.remove(id);
    });

    test('is given to a container that had none', async () => {
      const id = await run(specOf('sleep 60'));
      expect((await runtime.inspect(id))?.resources).toEqual({});
      await runtime.resize(id, { memoryLimitBytes: 64 * MiB });
      expect((await runtime.inspect(id))?.resources).toEqual({ memoryLimitBytes: 64 * MiB });
      await runtime.remove(id);
      expect(await codeOf(runtime.resize(id, { memoryLimitBytes: 96 * MiB }))).toBe('NotFound');
    });
  });

  describe(`${name}: images and engine`, () => {
    test('tell what is here', async () => {
      const image = await runtime.image(under.image);
      expect(image?.id).toMatch(/^sha256:/);
      expect((await runtime.images()).map(({ id }) => id)).toContain(image?.id);
      expect(await runtime.image('minik.test/no-such-image:1')).toBeUndefined();
      expect(await codeOf(runtime.image('UPPER CASE'))).toBe('InvalidImageName');
    });

    test('say that nobody could be asked for an image', async () => {
      const pull = runtime.pull('registry.invalid/app:1', { signal: AbortSignal.timeout(60_000) });
      const error = await pull.then(() => undefined, (reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'PullFailed', unreachable: true });
    });

    test('describe the machine', async () => {
      const version = await runtime.version();
      expect(version.cpus).toBeGreaterThan(0);
      expect(version.memoryBytes).toBeGreaterThan(0);
      expect(version.gateway).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    });
  });

  describe(`${name}: events`, () => {
    test('begin with a resync and tell of the end of a run', async () => {
      const abort = new AbortController();
      const seen: RuntimeEvent[] = [];
      const reading = (async () => {
        for await (const event of runtime.events(abort.signal)) seen.push(event);
      })();
      await soon('resync', () => seen[0]?.type === 'resync', { timeoutMs: 20_000 });
      const spec = specOf('exit 1');
      const id = await run(spec);
      const died = (event: RuntimeEvent): boolean => event.type === 'container' && event.containerId === id && event.action === 'die';
      await soon('die', () => seen.some(died), { timeoutMs: 20_000 });
      const state = await untilExited(id);
      const event = seen.find(died);
      expect(event).toMatchObject({ podUid: spec.identity.podUid, exitCode: 1 });
      expect(Math.abs((event as { atMs: number }).atMs - state.finishedAt)).toBeLessThan(1_000);
      abort.abort();
      await reading;
    });
  });
}

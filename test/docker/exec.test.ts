// What only a real engine can show of commands in containers: terminals, back-pressure, and that a kill really kills.
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { ExecOptions, ExecSession } from '../../src/kubelet/runtime/container-runtime.ts';
import { useDocker, type DockerUnderTest } from '../support/docker.ts';
import { soon } from '../support/virtual-clock.ts';

jest.setTimeout(60_000);

let docker: DockerUnderTest;
let id: string;

beforeAll(async () => {
  docker = await useDocker();
  id = await docker.run({ entrypoint: ['sleep', '600'] });
});

afterAll(() => docker.close());

const exec = (script: string, options: Partial<ExecOptions> = {}): Promise<ExecSession> =>
  docker.runtime.exec(id, { command: ['sh', '-c', script], stdin: false, tty: false, ...options });

const outputOf = async (session: ExecSession): Promise<string> => Buffer.concat((await Array.fromAsync(session.output)).map(({ bytes }) => bytes)).toString();

test('a terminal has the size it is given, and is told when that changes', async () => {
  // The size comes a moment after the start; only a change after that is what is waited for.
  const session = await exec("until [ \"$(stty size 2>&1)\" = '31 101' ]; do sleep 0.02; done; trap 'stty size; exit 3' WINCH; echo ready; while :; do sleep 0.05; done", { tty: true, stdin: true, size: { columns: 101, rows: 31 } });
  let seen = '';
  for await (const { bytes } of session.output) {
    seen += Buffer.from(bytes).toString();
    if (seen.endsWith('ready\r\n')) await session.resize({ columns: 77, rows: 22 });
  }
  expect(seen).toBe('ready\r\n22 77\r\n');
  expect(await session.exitCode).toBe(3);
  await session.resize({ columns: 1, rows: 1 });
});

test('every key reaches the process, Ctrl-P and Ctrl-Q too', async () => {
  const session = await exec('stty raw -echo; echo ready; head -c 3 | od -An -tx1', { tty: true, stdin: true });
  let seen = '';
  for await (const { bytes } of session.output) {
    seen += Buffer.from(bytes).toString();
    if (seen.trim() === 'ready') await session.write(Buffer.from([0x10, 0x11, 0x61]));
  }
  expect(seen).toContain('10 11 61');
});

test('a process whose output nobody reads waits', async () => {
  const session = await exec('rm -f /tmp/n; while head -c 1000000 /dev/zero; do echo >> /tmp/n; done');
  const count = async (): Promise<number> => Number(await outputOf(await exec('wc -l < /tmp/n')));
  let before = -1;
  const stuck = await soon('no more is written', async () => {
    const now = await count();
    const isStuck = now > 0 && now === before;
    before = now;
    return isStuck ? now : undefined;
  }, { timeoutMs: 20_000 });
  expect(stuck).toBeLessThan(50);
  await session.kill();
  await Array.fromAsync(session.output);
  expect(await session.exitCode).toBe(137);
});

test('a killed command is gone from the container', async () => {
  const session = await exec('exec sleep 4321');
  const isThere = async (): Promise<boolean> => (await outputOf(await exec("ps | grep -c '[s]leep 4321'"))).trim() === '1';
  await soon('it runs', isThere, { timeoutMs: 20_000 });
  await session.kill();
  expect(await isThere()).toBe(false);
  await session.kill();
});

test('many bytes go in and out unchanged', async () => {
  const session = await exec('cat | md5sum', { stdin: true });
  const chunk = Buffer.alloc(1 << 16, 'minik');
  for (let round = 0; round < 320; round += 1) await session.write(chunk);
  session.endInput();
  const { createHash } = await import('node:crypto');
  const sum = createHash('md5');
  for (let round = 0; round < 320; round += 1) sum.update(chunk);
  expect(await outputOf(session)).toBe(`${sum.digest('hex')}  -\n`);
});

test('a program that may not be run is told from one that is not there', async () => {
  const session = await docker.runtime.exec(id, { command: ['/etc/passwd'], stdin: false, tty: false });
  expect(await outputOf(session)).toBe('');
  await expect(session.exitCode).rejects.toMatchObject({ code: 'StartFailed', message: expect.stringContaining('permission denied') });
});

test('a shell that exits with 127 by itself has started', async () => {
  const session = await exec('echo said; exit 127');
  expect(await outputOf(session)).toBe('said\n');
  expect(await session.exitCode).toBe(127);
});

test('a port of the loopback device is reached from outside, where that is allowed', async () => {
  const listening = await exec('echo here > /tmp/index.html; httpd -p 127.0.0.1:8080 -h /tmp');
  await outputOf(listening);
  const connection = await docker.runtime.connectLoopback(id, 8080);
  if (process.getuid?.() !== 0) return expect(connection).toBeUndefined();
  await connection!.write(Buffer.from('GET / HTTP/1.0\r\n\r\n'));
  connection!.end();
  expect(Buffer.concat(await Array.fromAsync(connection!.bytes)).toString()).toMatch(/^HTTP\/1.[01] 200 OK[^]*\r\nhere\n$/);
  connection!.close();
  expect(await docker.runtime.connectLoopback(id, 8081)).toBeUndefined();
  await expect(docker.runtime.connectLoopback('0'.repeat(64), 8080)).rejects.toMatchObject({ code: 'NotFound' });
});

test('what a server says first is not lost on the way', async () => {
  const greeting = await exec('while :; do echo welcome | nc -l -p 8090; done');
  if (process.getuid?.() === 0) {
    const connection = await soon('it listens', () => docker.runtime.connectLoopback(id, 8090), { timeoutMs: 20_000 });
    for await (const bytes of connection.bytes) {
      expect(Buffer.from(bytes).toString()).toBe('welcome\n');
      break;
    }
    connection.close();
  }
  await greeting.kill();
});

// Pulling from a real registry, and the stand-ins for images that no machine without a network has.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { useDocker, type DockerUnderTest } from '../support/docker.ts';
import { ensureImages, KUARD } from '../support/images.ts';
import { startRegistry, type LocalRegistry } from '../support/registry.ts';

let docker: DockerUnderTest;
beforeAll(async () => {
  docker = await useDocker();
});
afterAll(() => docker.close());

describe('a registry', () => {
  let registry: LocalRegistry;
  beforeAll(async () => {
    registry = await startRegistry();
  });
  afterAll(() => registry.close());

  test('gives the image that was put there', async () => {
    const reference = await registry.publish('busybox:latest', 'team/tool:1');
    expect(await docker.runtime.image(reference)).toBeUndefined();
    const pulled = await docker.runtime.pull(reference, { signal: AbortSignal.timeout(30_000) });
    expect(pulled.tags).toContain(reference);
    expect(pulled.digests.join()).toMatch(/team\/tool@sha256:[0-9a-f]{64}/);
    const byDigest = pulled.digests.find((digest) => digest.includes('team/tool@')) ?? '';
    expect((await docker.runtime.pull(byDigest, { signal: AbortSignal.timeout(30_000) })).id).toBe(pulled.id);
    for (const name of [reference, byDigest]) await docker.engine.done({ method: 'DELETE', path: `/images/${name}` }).catch(() => {});
    expect(await docker.runtime.image(reference)).toBeUndefined();
  });

  test.each(['team/tool:no-such-tag', 'team/no-such-tool:1'])('that has no %s refuses, and is not unreachable', async (name) => {
    const pull = docker.runtime.pull(`${registry.address}/${name}`, { signal: AbortSignal.timeout(30_000) });
    await expect(pull).rejects.toMatchObject({ code: 'PullFailed', unreachable: false, message: expect.stringContaining('not found') });
  });
});

describe('the stand-in for kuard', () => {
  beforeAll(() => ensureImages(KUARD));

  test.each([
    ['of the notes’ command', ['--keygen-enable', '--keygen-exit-on-complete', '--keygen-num-to-gen', '10']],
    ['of the notes’ manifest', ['--keygen-enable', '--keygen-exit-on-complete', '--keygen-num-to-gen=10']],
  ])('takes the flags %s, makes ten keys and ends', async (_of, cmd) => {
    const id = await docker.run({ image: KUARD, entrypoint: ['/kuard'], cmd });
    expect(await docker.untilExited(id)).toMatchObject({ exitCode: 0 });
    const lines = (await docker.logText(id)).trim().split('\n');
    expect(lines.filter((line) => /\(ID 0 \d+\/10\) Item done: SHA256:\S{43}$/.test(line))).toHaveLength(10);
    expect(lines.at(-1)).toMatch(/\(ID 0\) Workload exiting$/);
  });

  test('does not take what the real one would refuse', async () => {
    const id = await docker.run({ image: KUARD, entrypoint: ['/kuard'], cmd: ['--nonsense'] });
    expect(await docker.untilExited(id)).toMatchObject({ exitCode: 2 });
  });
});

describe('the stand-in for nginx', () => {
  test('serves its welcome page on port 80 and stops when told to', async () => {
    await ensureImages('nginx:latest');
    const id = await docker.run({ image: 'nginx' });
    const ip = (await docker.runtime.inspect(id))?.ip;
    const page = await eventually(() => fetch(`http://${ip}/`).then((reply) => reply.text()));
    expect(page).toContain('Welcome to nginx!');
    await docker.runtime.stop(id, { graceSeconds: 20 });
    expect(await docker.runtime.inspect(id)).toMatchObject({ phase: 'exited' });
  }, 60_000);
});

/** Until the server inside has opened its port. */
async function eventually<Value>(ask: () => Promise<Value>): Promise<Value> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

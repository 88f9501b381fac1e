// The real kubectl reaches processes and ports of Pods, over WebSocket as it does now and over SPDY as it did.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, TestCluster } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';
import { ClusterPods, podOf, sh } from '../support/pods.ts';

let cluster: TestCluster;
let pods: ClusterPods;
let folder: string;
let socketsBefore: number;
const ENGINE_CONNECTIONS_KEPT = 16;

beforeAll(async () => {
  await ensureImages();
  cluster = await TestCluster.start();
  pods = new ClusterPods(cluster);
  folder = mkdtempSync(join(tmpdir(), 'minik-streams-'));
  const quick = { terminationGracePeriodSeconds: 0 };
  await pods.apply(
    podOf('box', { ...quick, containers: [sh('main', 'exec sleep 600'), sh('other', 'exec sleep 600')] }),
    podOf('ticker', { ...quick, containers: [sh('main', 'while :; do echo tick; sleep 0.2; done')] }),
    podOf('reader', { ...quick, containers: [sh('main', 'while read line; do echo "got $line"; done; echo end', { stdin: true, stdinOnce: true })] }),
    podOf('web', { ...quick, containers: [{ name: 'nginx', image: 'nginx', imagePullPolicy: 'IfNotPresent', ports: [{ containerPort: 80 }] }] }),
    podOf('done', { containers: [sh('main', 'true')] }),
  );
  await Promise.all([...['box', 'ticker', 'reader', 'web'].map((name) => pods.phase(name, 'Running')), pods.phase('done', 'Succeeded')]);
  socketsBefore = await openSockets();
}, 120_000);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await cluster.stop();
}, 90_000);

describe.each([['WebSocket', 'true'], ['SPDY', 'false']] as const)('kubectl over %s', (_name, websockets) => {
  const env = { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: websockets, KUBECTL_PORT_FORWARD_WEBSOCKETS: websockets };

  test('exec keeps output, errors and exit code apart', async () => {
    const ran = await cluster.kubectl(['exec', 'box', '-c', 'main', '--', 'sh', '-c', 'echo out; echo err >&2; exit 7'], { env });
    expect(ran).toEqual({ code: 7, stdout: 'out\n', stderr: 'err\ncommand terminated with exit code 7\n' });
  });

  test('exec goes into the container that is named, or the first', async () => {
    const names = await Promise.all([[], ['-c', 'other']].map((flags) => cluster.kubectl(['exec', 'box', ...flags, '--', 'sh', '-c', 'cat /proc/1/cmdline | tr "\\0" " "; touch /tmp/seen; ls /tmp'], { env })));
    expect(names.map(({ code }) => code)).toEqual([0, 0]);
    expect(names[0]?.stderr).toContain('Defaulted container "main" out of: main, other');
  });

  test('exec says why it cannot', async () => {
    const unknown = await cluster.kubectl(['exec', 'box', '-c', 'main', '--', 'no-such-program'], { env });
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('executable file not found in $PATH');
    expect((await cluster.kubectl(['exec', 'box', '-c', 'x', '--', 'true'], { env })).stderr).toContain('container x is not valid for pod box');
    expect((await cluster.kubectl(['exec', 'nobody', '--', 'true'], { env })).stderr).toBe('Error from server (NotFound): pods "nobody" not found\n');
    expect((await cluster.kubectl(['exec', 'done', '--', 'true'], { env })).stderr).toContain('cannot exec into a container in a completed pod; current phase is Succeeded');
  });

  test('50 MB go through cat and come back the same', async () => {
    const line = `head -c 50000000 /dev/urandom | tee >(md5sum >&2) | kubectl exec -i box -c main -- cat | md5sum`;
    const { stdout, stderr } = await cluster.shell(line, { env, timeoutMs: 60_000 });
    expect(stdout).toMatch(/^[0-9a-f]{32} /);
    await eventually('both sums', async () => stderr.includes(stdout.trim()));
  });

  test('exec -t has a terminal of the size of this one', async () => {
    const inner = `stty cols 93 rows 27; ${websockets === 'true' ? '' : 'export KUBECTL_REMOTE_COMMAND_WEBSOCKETS=false; '}kubectl exec -it box -c main -- sh -c "tty; sleep 0.5; stty size; exit 5"; echo "code $?"`;
    const { stdout } = await cluster.shell(`export -f kubectl; SHELL=$(command -v bash) script -qec '${inner}' /dev/null`, { env, timeoutMs: 30_000 });
    expect(stdout).toContain('/dev/pts/');
    expect(stdout).toContain('27 93');
    expect(stdout).toContain('code 5');
  });

  test('attach shows what a container writes', async () => {
    const seen = await cluster.shell('(kubectl attach ticker & pid=$!; sleep 2; kill $pid) | head -3', { env });
    expect(seen.stdout).toBe('tick\ntick\ntick\n');
  });

  test('port-forward carries requests, several at once', async () => {
    const line = `exec 3< <(kubectl port-forward pod/web :80 2>&1); pid=$!
      read -r -u 3 said; port=$(echo "$said" | sed 's/.*127.0.0.1:\\([0-9]*\\) .*/\\1/')
      for i in 1 2 3 4 5 6; do curl -sf -o /dev/null -w '%{http_code} ' http://127.0.0.1:$port/ & done; wait $(jobs -p | grep -v $pid); kill $pid`;
    const { stdout } = await cluster.shell(line, { env });
    expect(stdout.trim()).toBe('200 200 200 200 200 200');
  });
});

describe('kubectl cp', () => {
  test('takes a tree there, with its modes, and back', async () => {
    const tree = join(folder, 'tree');
    mkdirSync(join(tree, 'deep/er'), { recursive: true });
    writeFileSync(join(tree, 'run.sh'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(tree, 'deep/er/secret'), 'x'.repeat(100_000), { mode: 0o600 });
    symlinkSync('run.sh', join(tree, 'link'));
    const there = await cluster.kubectl(['cp', tree, 'box:/tmp/tree', '-c', 'main']);
    expect([there.code, there.stderr]).toEqual([0, '']);
    const back = await cluster.kubectl(['cp', 'box:/tmp/tree', join(folder, 'back'), '-c', 'main']);
    expect(back.code).toBe(0);
    const modes = await cluster.kubectl(['exec', 'box', '-c', 'main', '--', 'sh', '-c', 'cd /tmp/tree; stat -c "%a %N" run.sh deep/er/secret link']);
    expect(modes.stdout).toBe("755 run.sh\n600 deep/er/secret\n777 'link' -> 'run.sh'\n");
    expect(readFileSync(join(folder, 'back/deep/er/secret'), 'utf8')).toBe('x'.repeat(100_000));
  });
});

test('nothing of what was opened is left open', async () => {
  const left = await cluster.kubectl(['exec', 'box', '-c', 'main', '--', 'ps', '-o', 'args']);
  expect(left.stdout).toBe('COMMAND\nsleep 600\nps -o args\n');
  await eventually('only connections that are kept for the next call are left', async () => (await openSockets()) <= socketsBefore + ENGINE_CONNECTIONS_KEPT);
});

async function openSockets(): Promise<number> {
  const { pid } = await cluster.status();
  return readdirSync(`/proc/${pid}/fd`).filter((fd) => isSocket(`/proc/${pid}/fd/${fd}`)).length;
}

function isSocket(path: string): boolean {
  try {
    return readlinkSync(path).startsWith('socket:');
  } catch {
    return false;
  }
}

// minik's own exec, attach and port-forward on real containers: over its socket, and over TLS as against any cluster.
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TestCluster } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';
import { ClusterPods, podOf, sh } from '../support/pods.ts';

let cluster: TestCluster;
let pods: ClusterPods;

const server = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'server' },
  spec: {
    backoffLimit: 5,
    template: { spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 0, containers: [{ name: 'web', image: 'nginx', imagePullPolicy: 'IfNotPresent', ports: [{ name: 'http', containerPort: 80 }] }] } },
  },
};

beforeAll(async () => {
  await ensureImages();
  cluster = await TestCluster.start();
  pods = new ClusterPods(cluster);
  const quick = { terminationGracePeriodSeconds: 0 };
  await pods.apply(
    podOf('box', { ...quick, containers: [sh('main', 'exec sleep 600')] }),
    podOf('shell', { ...quick, containers: [{ ...sh('main', ''), command: ['sh'], stdin: true, tty: true }] }),
    server,
  );
  await Promise.all(['box', 'shell'].map((name) => pods.phase(name, 'Running')));
}, 120_000);

afterAll(() => cluster.stop(), 90_000);

describe.each([['its socket', ''], ['TLS', '--kubeconfig $MINIK_HOME/kubeconfig']])('exec over %s', (_name, flags) => {
  test('ends with the exit code of the command', async () => {
    expect(await cluster.shell(`minik ${flags} exec box -- sh -c 'echo out; echo err >&2; exit 7'`)).toEqual({ code: 7, stdout: 'out\n', stderr: 'err\ncommand terminated with exit code 7\n' });
  });

  test('takes 50 MB through cat and back', async () => {
    const { stdout, stderr } = await cluster.shell(`head -c 50000000 /dev/urandom | tee >(md5sum >&2) | minik ${flags} exec -i box -- cat | md5sum`, { timeoutMs: 60_000 });
    expect(stdout).toMatch(/^[0-9a-f]{32} /);
    expect(stderr).toBe(stdout);
  });
});

test('exec -t has a terminal that follows this one, every key reaches it, and this one is as it was afterwards', async () => {
  const inside = `trap "stty size" WINCH; stty size; echo ready; while :; do sleep 0.1; done`;
  const outside = `stty cols 93 rows 27; this=$(tty); (sleep 1.5; stty cols 60 rows 20 < $this) & minik exec -it box -- sh -c '${inside}'; echo "code $?"; stty -a | grep -o "[-]*icanon"`;
  const line = `export -f minik; (sleep 3; printf '\\003') | SHELL=$(command -v bash) script -qec ${JSON.stringify(outside).replaceAll('$', '\\$')} /dev/null`;
  const { stdout } = await cluster.shell(line, { timeoutMs: 30_000 });
  expect(stdout).toContain('27 93');
  expect(stdout).toContain('20 60');
  expect(stdout).toContain('code 130');
  expect(stdout).toMatch(/^icanon/m);
});

test('attach -it talks to a shell', async () => {
  const line = `export -f minik; (sleep 1; echo 'echo $((40+2)).'; sleep 1; printf 'exit 0\\n'; sleep 0.5) | SHELL=$(command -v bash) script -qec 'minik attach shell -it' /dev/null`;
  const { stdout } = await cluster.shell(line, { timeoutMs: 30_000 });
  expect(stdout).toContain('42.');
  expect(stdout).toContain("Session ended, resume using 'minik attach shell -c main -n default -i -t' command");
});

test('port-forward to a Job goes on when its Pod is replaced', async () => {
  const ask = `curl -s --max-time 10 -o /dev/null -w '%{http_code} ' http://127.0.0.1:$port/`;
  const line = `exec 3< <(exec "$(declare -f minik | sed -n 's/^ *"\\(.*minik\\)".*/\\1/p')" port-forward job/server :http --address 127.0.0.1 2>&1); pid=$!
    read -r -u 3 said; port=$(echo "$said" | sed 's/.*127.0.0.1:\\([0-9]*\\) .*/\\1/')
    ${ask}; minik delete pod -l job-name=server --grace-period=0 --force > /dev/null 2>&1; ${ask}; kill $pid`;
  const { stdout } = await cluster.shell(line, { timeoutMs: 30_000 });
  expect(stdout.trim()).toBe('200 200');
});

test('port-forward reaches what only listens on the Pod itself', async () => {
  await cluster.minik(['exec', 'box', '--', 'sh', '-c', 'mkdir /tmp/www; echo inside > /tmp/www/index.html; httpd -p 127.0.0.1:8080 -h /tmp/www']);
  const line = `exec 3< <(exec "$(declare -f minik | sed -n 's/^ *"\\(.*minik\\)".*/\\1/p')" port-forward box :8080 --address 127.0.0.1 2>&1); pid=$!
    read -r -u 3 said; port=$(echo "$said" | sed 's/.*127.0.0.1:\\([0-9]*\\) .*/\\1/'); curl -s --max-time 10 http://127.0.0.1:$port/; kill $pid`;
  const { stdout } = await cluster.shell(line, { timeoutMs: 30_000 });
  expect(stdout).toBe(process.getuid?.() === 0 ? 'inside\n' : '');
});

describe('run -i', () => {
  test('passes piped bytes on, shows all that is written, and ends with the exit code', async () => {
    const line = `head -c 5000000 /dev/urandom | tee >(md5sum >&2) | minik run -i sum -q --rm --image=busybox --image-pull-policy=IfNotPresent --restart=Never --command -- sh -c 'md5sum; exit 4'`;
    const { code, stdout, stderr } = await cluster.shell(line);
    expect({ code, stdout }).toEqual({ code: 4, stdout: stderr });
  });

  test('does so for a Job', async () => {
    expect(await cluster.shell('echo hello | minik run -i said -q --rm --image=busybox --restart=OnFailure --command -- cat')).toEqual({ code: 0, stdout: 'hello\n', stderr: '' });
  });

  test('with -t is a terminal', async () => {
    const line = `export -f minik; (sleep 3; echo 'tty; stty size; echo $((40+2)).'; sleep 1; echo 'exit 3') | SHELL=$(command -v bash) script -qec 'stty cols 81 rows 25; minik run -it box2 --rm --image=busybox --restart=Never -- sh; echo code $?' /dev/null`;
    const { stdout } = await cluster.shell(line);
    for (const seen of ['/dev/pts/0', '25 81', '42.', 'code 3']) expect(stdout).toContain(seen);
  });

  test('of kubectl works too', async () => {
    const { code, stdout } = await cluster.shell(`echo hello | kubectl run -i kube --rm --quiet --image=busybox --image-pull-policy=IfNotPresent --restart=Never --command -- sh -c 'sleep 1; cat; exit 4'`);
    expect({ code, stdout }).toEqual({ code: 4, stdout: 'hello\n' });
  });
});

describe('cp', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'minik-cp-'));
    mkdirSync(join(folder, 'tree', 'deep', 'n'.repeat(120)), { recursive: true });
    for (let index = 0; index < 2_000; index += 1) writeFileSync(join(folder, 'tree', 'deep', `f${index}`), `${index}`);
    writeFileSync(join(folder, 'tree', 'deep', 'n'.repeat(120), 'secret'), 'x'.repeat(1_000_000), { mode: 0o600 });
    writeFileSync(join(folder, 'tree', 'run.sh'), '#!/bin/sh\necho ran\n');
    chmodSync(join(folder, 'tree', 'run.sh'), 0o751);
    symlinkSync('run.sh', join(folder, 'tree', 'link'));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('takes a large tree there and back, with its modes and links', async () => {
    expect(await cluster.minik(['cp', join(folder, 'tree'), 'box:/tmp/tree'])).toEqual({ code: 0, stdout: '', stderr: '' });
    const inside = await cluster.minik(['exec', 'box', '--', 'sh', '-c', 'cd /tmp/tree; ./link; stat -c %a run.sh deep/n*/secret; ls deep | wc -l']);
    expect(inside.stdout).toBe('ran\n751\n600\n2001\n');
    expect(await cluster.minik(['cp', 'box:/tmp/tree', join(folder, 'back')])).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readdirSync(join(folder, 'back/deep')).sort()).toEqual(readdirSync(join(folder, 'tree/deep')).sort());
    expect(readFileSync(join(folder, 'back/deep', 'n'.repeat(120), 'secret'), 'utf8')).toBe('x'.repeat(1_000_000));
    expect(['run.sh', join('deep', 'n'.repeat(120), 'secret')].map((name) => statSync(join(folder, 'back', name)).mode & 0o777)).toEqual([0o751, 0o600]);
    expect([lstatSync(join(folder, 'back/link')).isSymbolicLink(), readlinkSync(join(folder, 'back/link'))]).toEqual([true, 'run.sh']);
  });

  test('puts things into folders that are there, and under new names where they are not', async () => {
    const file = join(folder, 'tree/run.sh');
    for (const to of ['box:/tmp', 'box:/tmp/other', 'default/box:/tmp/tree/deep/']) expect((await cluster.minik(['cp', '-c', 'main', '--no-preserve', file, to])).code).toBe(0);
    expect((await cluster.minik(['exec', 'box', '--', 'ls', '/tmp/run.sh', '/tmp/other', '/tmp/tree/deep/run.sh'])).code).toBe(0);
    expect((await cluster.minik(['cp', 'box:/tmp/other', folder])).code).toBe(0);
    expect(existsSync(join(folder, 'other'))).toBe(true);
  });

  test.each([
    { words: ['box:/nowhere', 'x'], code: 1, stderr: 'nowhere: No such file or directory' },
    { words: ['/nowhere', 'box:/tmp'], code: 1, stderr: "error: /nowhere doesn't exist in local filesystem\n" },
    { words: ['/etc/hostname', 'box:/no/such/folder'], code: 1, stderr: "can't change directory" },
    { words: ['/etc/hostname', 'nobody:/tmp'], code: 1, stderr: 'Error from server (NotFound): pods "nobody" not found\n' },
    { words: ['a', 'b'], code: 1, stderr: 'error: one of src or dest must be a remote file specification\n' },
    { words: ['box:/a', 'box:/b'], code: 1, stderr: 'error: one of src or dest must be a local file specification\n' },
    { words: ['box:/a'], code: 1, stderr: 'error: source and destination are required\n' },
  ])('$words fails: $stderr', async ({ words, code, stderr }) => {
    const ran = await cluster.minik(['cp', ...words]);
    expect(ran.code).toBe(code);
    expect(ran.stderr).toContain(stderr);
  });

  test('says what a container without tar lacks', async () => {
    await pods.apply(podOf('bare', { terminationGracePeriodSeconds: 0, containers: [sh('main', 'rm /bin/tar; exec sleep 600')] }));
    await pods.phase('bare', 'Running');
    for (const words of [['bare:/etc/passwd', join(folder, 'passwd')], ['/etc/hostname', 'bare:/tmp/x']]) {
      const ran = await cluster.minik(['cp', ...words]);
      expect(ran.code).toBe(1);
      expect(ran.stderr).toContain('executable file not found in $PATH');
      expect(ran.stderr).toContain("cp needs the 'tar' binary in the container's image");
    }
  });

  test('goes on where it was after a lost connection', async () => {
    const { pid } = await cluster.status();
    const line = `minik exec box -- sh -c 'head -c 150000000 /dev/urandom > /tmp/big; md5sum < /tmp/big' >&2
      minik cp box:/tmp/big ${folder}/big --retries=20 & copy=$!; until [ -s ${folder}/big ]; do sleep 0.05; done; kill -9 ${pid}; minik start >/dev/null
      wait $copy; echo "code $?"; md5sum < ${folder}/big`;
    const { stdout, stderr } = await cluster.shell(line, { timeoutMs: 60_000 });
    expect(stdout).toContain('code 0');
    expect(stderr).toContain('Resuming copy at');
    expect(stdout.split('\n').at(-2)).toBe(stderr.split('\n')[0]);
  }, 60_000);
});

// minik's own exec, attach and port-forward on real containers: over its socket, and over TLS as against any cluster.
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

// What the generators make, next to what kubectl 1.35 makes of the same flags (golden/*.yaml).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { runProgram } from '../../../../src/cli/program.ts';

const golden = (name: string): string => readFileSync(join(import.meta.dirname, '../golden', `${name}.yaml`), 'utf8');

async function minik(words: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const written = { out: '', err: '' };
  const output = (to: 'out' | 'err') => ({
    write: async (text: string | Uint8Array) => void (written[to] += text.toString()),
    isTerminal: false,
    columns: 80,
    colour: false,
  });
  const code = await runProgram(words, {
    env: { MINIK_HOME: '/nonexistent', HOME: '/nonexistent' },
    stdin: Readable.from([]),
    out: output('out'),
    err: output('err'),
    signal: new AbortController().signal,
  });
  return { code, ...written };
}

const CLIENT = ['--dry-run=client', '-o', 'yaml'];

describe('the same as kubectl', () => {
  test.each<[string, readonly string[]]>([
    ['run-pod', ['run', 'x', '--image=i', ...CLIENT]],
    ['run-pod-args', ['run', 'x', '--image=i', '--restart=Never', ...CLIENT, '--', 'a', 'b']],
    ['run-pod-command', ['run', 'x', '--image=i', '--restart=Never', '--command', ...CLIENT, '/a', '--', '--b', 'c']],
    [
      'run-pod-flags',
      ['run', 'x', '--image=i', '--env=A=b', '--env=C=d=e', '--env=E=', '--labels=a=b,c=d', '--annotations=q=w', '--port=80', '--image-pull-policy=Never', '--privileged', ...CLIENT],
    ],
    ['create-job', ['create', 'job', 'j', '--image=i', ...CLIENT]],
    ['create-job-command', ['create', 'job', 'j', '--image=i', ...CLIENT, '--', 'a', 'b']],
    ['create-cronjob', ['create', 'cronjob', 'c', '--image=i', '--schedule=*/1 * * * *', ...CLIENT]],
    ['create-cronjob-command', ['create', 'cj', 'c', '--image=i', '--schedule=*/1 * * * *', '--restart=Never', ...CLIENT, '--', 'sh', '-c', 'date']],
    ['create-configmap', ['create', 'configmap', 'c', '--from-literal=a=b', '--from-literal=c=d=e', '--from-literal=q="x"', ...CLIENT]],
    ['create-configmap-hash', ['create', 'cm', 'c', '--append-hash', '--from-literal=a=b', ...CLIENT]],
    ['create-secret', ['create', 'secret', 'generic', 's', '--from-literal=a=b', '--type=foo', ...CLIENT]],
    [
      'create-secret-registry',
      ['create', 'secret', 'docker-registry', 'd', '--docker-username=u', '--docker-password=p', '--docker-email=e', '--docker-server=s', ...CLIENT],
    ],
    ['create-service-clusterip', ['create', 'service', 'clusterip', 's', '--tcp=5678:8080', '--tcp=80:http', ...CLIENT]],
    ['create-service-headless', ['create', 'svc', 'clusterip', 's', '--clusterip=None', ...CLIENT]],
    ['create-service-nodeport', ['create', 'service', 'nodeport', 's', '--tcp=80', '--node-port=30080', ...CLIENT]],
    ['create-service-loadbalancer', ['create', 'service', 'loadbalancer', 's', '--tcp=80:8080', ...CLIENT]],
    ['create-service-externalname', ['create', 'service', 'externalname', 's', '--external-name=example.com', ...CLIENT]],
    ['create-namespace', ['create', 'ns', 'n', ...CLIENT]],
    ['create-serviceaccount', ['create', 'sa', 's', '-n', 'team', ...CLIENT]],
  ])('%s', async (name, words) => {
    expect(await minik(words)).toEqual({ code: 0, out: golden(name), err: '' });
  });
});

test('run --expose makes a Service as well; kubectl separates the two twice', async () => {
  const { out } = await minik(['run', 'web', '--image=x', '--expose', '--port=80', ...CLIENT]);
  expect(out).toBe(golden('run-pod-exposed').replace('---\n---\n', '---\n'));
});

describe('run with --restart=OnFailure', () => {
  test('makes the Job of the notes: all that stands behind the name is the command', async () => {
    const words = 'run oneshot --image=gcr.io/kuar-demo/kuard-amd64:blue --restart=OnFailure --command /kuard --dry-run=client -o json';
    const { out } = await minik([...words.split(' '), '--', '--keygen-enable', '--keygen-exit-on-complete', '--keygen-num-to-gen', '10']);
    expect(JSON.parse(out)).toEqual({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { labels: { run: 'oneshot' }, name: 'oneshot' },
      spec: {
        template: {
          metadata: { labels: { run: 'oneshot' } },
          spec: {
            containers: [
              {
                command: ['/kuard', '--keygen-enable', '--keygen-exit-on-complete', '--keygen-num-to-gen', '10'],
                image: 'gcr.io/kuar-demo/kuard-amd64:blue',
                name: 'oneshot',
                resources: {},
              },
            ],
            restartPolicy: 'OnFailure',
          },
        },
      },
      status: {},
    });
  });

  test('without --command they are arguments', async () => {
    const { out } = await minik(['run', 'x', '--image=i', '--restart=OnFailure', '--dry-run=client', '-o', 'jsonpath={.spec.template.spec.containers[0].args}', '--', 'a', 'b']);
    expect(out).toBe('["a","b"]');
  });
});

describe('what it says', () => {
  test.each<[readonly string[], string]>([
    [['create', 'job', 'j', '--image=i', '--dry-run=client'], 'job.batch/j created (dry run)\n'],
    [['create', 'cronjob', 'c', '--image=', '--schedule=', '--dry-run=client'], 'cronjob.batch/c created (dry run)\n'],
    [['create', 'cm', 'c', '--dry-run=client', '-o', 'name'], 'configmap/c\n'],
    [['run', 'x', '--image=i', '--dry-run=client'], 'pod/x created (dry run)\n'],
    [['run', 'x', '--image=i', '--restart=OnFailure', '--dry-run=client'], 'job.batch/x created (dry run)\n'],
    [['run', 'x', '--image=i', '--dry-run=client', '-o', 'jsonpath={.spec.nodeName}', '--overrides={"spec":{"nodeName":"n"}}'], 'n'],
  ])('%j', async (words, out) => {
    expect(await minik(words)).toEqual({ code: 0, out, err: '' });
  });

  const HELP = "\nSee 'minik run -h' for help and examples";
  test.each<[string, string]>([
    ['run', `NAME is required for run${HELP}`],
    ['run x', 'required flag(s) "image" not set'],
    ['run x --image=A/B', 'Invalid image name "A/B": invalid reference format'],
    ['run x --image=i --restart=foo', `invalid restart policy: foo${HELP}`],
    ['run x --image=i --image-pull-policy=foo', `invalid image pull policy: foo${HELP}`],
    ['run x --image=i --env=1A=b', 'invalid env: 1A=b'],
    ['run x --image=i --env=A', 'invalid env: A'],
    ['run x --image=i --labels=foo', 'unexpected label spec: foo'],
    ['run x --image=i -t', `-i/--stdin is required for containers with -t/--tty=true${HELP}`],
    ['run x --image=i -i --dry-run=client', `--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)${HELP}`],
    ['run x --image=i --rm', `--rm should only be used for attached containers${HELP}`],
    ['run x --image=i --expose', `--port must be set when exposing a service${HELP}`],
    ['create job', "exactly one NAME is required, got 0\nSee 'minik create job -h' for help and examples"],
    ['create job j', 'either --image or --from must be specified'],
    ['create job j --image=i --from=cronjob/c', 'either --image or --from must be specified'],
    ['create cronjob c', 'required flag(s) "image", "schedule" not set'],
    ['create cronjob --image=i', 'required flag(s) "schedule" not set'],
    ['create cj c --schedule=x', 'required flag(s) "image" not set'],
    ['create cj --schedule=x --image=i', "exactly one NAME is required, got 0\nSee 'minik create cronjob -h' for help and examples"],
    ['create ns a b', "exactly one NAME is required, got 2\nSee 'minik create namespace -h' for help and examples"],
    ['create cm c --from-literal=a', 'invalid literal source a, expected key=value'],
    ['create cm c --from-literal=a=b --from-literal=a=c', 'cannot add key "a", another key by that name already exists in Data for ConfigMap "c"'],
    ['create cm c --from-file=/nonexistent/x', 'error reading /nonexistent/x: no such file or directory'],
    ['create cm c --from-env-file=x --from-literal=a=b', 'from-env-file cannot be combined with from-file or from-literal'],
    ['create secret tls t', 'key and cert must be specified'],
    ['create secret docker-registry d', 'either --from-file or the combination of --docker-username, --docker-password and --docker-server is required'],
    ['create', 'must specify one of -f and -k'],
    ['create thing', "Unexpected args: [thing]\nSee 'minik create -h' for help and examples"],
  ])('refuses %s', async (line, message) => {
    expect(await minik(line.split(' '))).toEqual({ code: 1, out: '', err: `error: ${message}\n` });
  });
});

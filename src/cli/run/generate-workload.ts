// pure: the Pod or Job that "minik run" makes from its flags.
import type { Container, Job, Pod, PodTemplateSpec, Service } from '../../api/generated/types.ts';
import { apiVersionOf, JOBS } from '../../api/kinds.ts';
import { UsageError } from '../context.ts';
import { parsePairs } from '../write/label-pairs.ts';

export interface Workload {
  readonly name: string;
  readonly image: string;
  readonly restart: 'Always' | 'OnFailure' | 'Never';
  /** What stands behind the name. */
  readonly words: readonly string[];
  /** The words are the command; else they are arguments of the image's own. */
  readonly wordsAreCommand: boolean;
  readonly env: readonly string[];
  readonly labels: string;
  readonly annotations: readonly string[];
  readonly port: number | undefined;
  readonly imagePullPolicy: string | undefined;
  readonly privileged: boolean;
  readonly stdin: boolean;
  /** The first who leaves its input does not end it. */
  readonly leavesStdinOpen: boolean;
  readonly tty: boolean;
}

/** OnFailure is work that has to get done: a Job sees to it. Anything else is one Pod. */
export function generateWorkload(workload: Workload): Pod | Job {
  return workload.restart === 'OnFailure' ? generateJob(workload) : generatePod(workload);
}

/** With --expose: a Service of the same name that leads to its Pods. */
export function serviceOf(workload: Workload, port: number): Service {
  const own = workload.labels === '' ? {} : { labels: labelsOf(workload) };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...own, name: workload.name },
    spec: { ports: [{ port, protocol: 'TCP', targetPort: port }], selector: labelsOf(workload) },
    status: { loadBalancer: {} },
  };
}

function generatePod(workload: Workload): Pod {
  const { spec } = templateOf(workload);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...annotationsOf(workload), labels: labelsOf(workload), name: workload.name },
    spec: { ...spec!, dnsPolicy: 'ClusterFirst' },
    status: {},
  };
}

function generateJob(workload: Workload): Job {
  return {
    apiVersion: apiVersionOf(JOBS),
    kind: JOBS.kind,
    metadata: { labels: labelsOf(workload), name: workload.name },
    spec: { template: { metadata: { ...annotationsOf(workload), labels: labelsOf(workload) }, ...templateOf(workload) } },
    status: {},
  };
}

function templateOf(workload: Workload): PodTemplateSpec {
  return { spec: { containers: [containerOf(workload)], restartPolicy: workload.restart } };
}

function containerOf({ name, image, words, wordsAreCommand, env, port, imagePullPolicy, privileged, stdin, leavesStdinOpen, tty }: Workload): Container {
  return {
    name,
    image,
    resources: {},
    ...(words.length === 0 ? {} : { [wordsAreCommand ? 'command' : 'args']: [...words] }),
    ...(env.length === 0 ? {} : { env: env.map(parseEnv) }),
    ...(port === undefined ? {} : { ports: [{ containerPort: port }] }),
    ...(imagePullPolicy === undefined ? {} : { imagePullPolicy }),
    ...(stdin ? { stdin, ...(leavesStdinOpen ? {} : { stdinOnce: true }) } : {}),
    ...(tty ? { tty } : {}),
    ...(privileged ? { securityContext: { privileged } } : {}),
  };
}

/** An empty value is no value: so kubectl sends it. */
function parseEnv(text: string): { name: string; value?: string } {
  const equals = text.indexOf('=');
  const name = text.slice(0, Math.max(equals, 0));
  if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name)) throw new UsageError(`invalid env: ${text}`);
  const value = text.slice(equals + 1);
  return value === '' ? { name } : { name, value };
}

function labelsOf({ name, labels }: Workload): Record<string, string> {
  return labels === '' ? { run: name } : parsePairs(labels.split(','), 'label');
}

function annotationsOf({ annotations }: Workload): { annotations?: Record<string, string> } {
  return annotations.length === 0 ? {} : { annotations: parsePairs(annotations, 'annotation') };
}

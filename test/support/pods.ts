// Pods of a test cluster, seen from both sides: what the API says of them and what Docker has.
import { execa } from 'execa';
import type { CoreEvent, Pod, PodSpec } from '../../src/api/generated/types.ts';
import { clusterId, eventually, type TestCluster } from './cluster.ts';

/** What docker inspect tells, as far as tests ask. */
export interface DockerContainer {
  readonly Id: string;
  readonly Config: { readonly Labels: Readonly<Record<string, string>> };
  readonly HostConfig: Readonly<Record<'Memory' | 'MemorySwap' | 'CpuQuota' | 'CpuPeriod' | 'CpuShares', number>>;
}

type Wanted = Pick<Partial<PodSpec>, 'containers'> & Omit<Partial<PodSpec>, 'containers'>;

/** A container of busybox that runs `script`. */
export function sh(name: string, script: string, change: Partial<PodSpec['containers'][number]> = {}): PodSpec['containers'][number] {
  return { name, image: 'busybox', imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', script], ...change };
}

/** A Pod of the default namespace that is not restarted unless `spec` says so. */
export function podOf(name: string, spec: Wanted): Pod {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { restartPolicy: 'Never', containers: [], ...spec } };
}

export class ClusterPods {
  readonly #cluster: TestCluster;

  constructor(cluster: TestCluster) {
    this.#cluster = cluster;
  }

  async apply(...items: readonly object[]): Promise<void> {
    const ran = await this.#cluster.minik(['apply', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) });
    if (ran.code !== 0) throw new Error(`apply failed: ${ran.stderr}`);
  }

  get(name: string): Promise<Pod> {
    return this.#cluster.get<Pod>(['pod', name]);
  }

  async until(name: string, what: string, test: (pod: Pod) => boolean | undefined, { timeoutMs = 30_000 } = {}): Promise<Pod> {
    let last: Pod | undefined;
    try {
      return await eventually(`${name} ${what}`, async () => ((last = await this.get(name)), test(last) === true ? last : undefined), { timeoutMs });
    } catch (error) {
      throw new Error(`not in time: ${name} ${what}; its status was ${JSON.stringify(last?.status)}`, { cause: error });
    }
  }

  phase(name: string, phase: string, options: { readonly timeoutMs?: number } = {}): Promise<Pod> {
    return this.until(name, `is ${phase}`, ({ status }) => status?.phase === phase, options);
  }

  waiting(name: string, reason: string): Promise<Pod> {
    return this.until(name, `waits for ${reason}`, ({ status }) => status?.containerStatuses?.[0]?.state?.waiting?.reason === reason);
  }

  async logs(...args: readonly string[]): Promise<string> {
    const ran = await this.#cluster.minik(['logs', ...args]);
    if (ran.code !== 0) throw new Error(`logs ${args.join(' ')} failed: ${ran.stderr}`);
    return ran.stdout;
  }

  /** "type reason message" of the Pod's events. */
  async events(name: string): Promise<string[]> {
    const { items } = await this.#cluster.get<{ items: CoreEvent[] }>(['events']);
    return items.filter(({ involvedObject }) => involvedObject.name === name).map(({ type, reason, message }) => `${type} ${reason} ${message}`);
  }

  untilEvent(name: string, pattern: RegExp): Promise<string> {
    return eventually(`${name} has an event like ${pattern}`, async () => (await this.events(name)).find((event) => pattern.test(event)));
  }

  /** Every container that Docker has of the Pod, running or not, by its name in the Pod. */
  async containers(pod: Pod): Promise<ReadonlyMap<string, DockerContainer>> {
    const labels = [`label=minik.dev/cluster=${clusterId(this.#cluster.home)}`, `label=minik.dev/pod-uid=${pod.metadata?.uid}`];
    const { stdout: ids } = await execa('docker', ['ps', '-aq', ...labels.flatMap((label) => ['--filter', label])]);
    if (ids === '') return new Map();
    const { stdout } = await execa('docker', ['inspect', ...ids.split('\n')]);
    const found = JSON.parse(stdout) as DockerContainer[];
    return new Map(found.map((container) => [container.Config.Labels['minik.dev/container'] ?? '', container]));
  }
}

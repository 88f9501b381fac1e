// A runtime on the real engine for one test file: its own cluster label, specs that need only what differs, and an end
// that fails when anything of it is left.
import { randomUUID } from 'node:crypto';
import { systemClock, type Clock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import type { ContainerSpec, ContainerState } from '../../src/kubelet/runtime/container-runtime.ts';
import { createDockerRuntime, type DockerRuntime } from '../../src/kubelet/runtime/docker/docker-runtime.ts';
import { createEngineClient, type EngineClient } from '../../src/kubelet/runtime/docker/engine-client.ts';
import { findEngine, type Endpoint } from '../../src/kubelet/runtime/docker/endpoint.ts';

export interface DockerUnderTest {
  readonly runtime: DockerRuntime;
  /** The engine itself, for what the port does not offer. */
  readonly engine: EngineClient;
  readonly endpoint: Endpoint;
  readonly clusterId: string;
  /** A busybox container of a pod of its own, changed by `change`. */
  spec(change?: Partial<ContainerSpec>): ContainerSpec;
  /** Created and started. */
  run(change?: Partial<ContainerSpec>): Promise<string>;
  /** Waits for an event of the engine, not for time to pass. */
  untilExited(id: string): Promise<ContainerState>;
  logText(id: string, query?: { readonly stream?: 'stdout' | 'stderr'; readonly tailLines?: number }): Promise<string>;
  close(): Promise<void>;
}

export async function useDocker(options: { readonly clock?: Clock } = {}): Promise<DockerUnderTest> {
  const endpoint = await findEngine(process.env);
  const clusterId = `test-${randomUUID().slice(0, 8)}`;
  const runtime = createDockerRuntime({ endpoint, clusterId, clock: options.clock ?? systemClock, log: silentLogger });
  const engine = createEngineClient(endpoint);
  const spec = (change: Partial<ContainerSpec> = {}): ContainerSpec => ({ ...bareSpec(), ...change });
  return {
    runtime,
    engine,
    endpoint,
    clusterId,
    spec,
    async run(change) {
      const id = await runtime.create(spec(change));
      await runtime.start(id);
      return id;
    },
    async untilExited(id) {
      await engine.done({ method: 'POST', path: `/containers/${id}/wait`, query: { condition: 'not-running' } });
      const state = await runtime.inspect(id);
      if (state === undefined) throw new Error(`container ${id} is gone`);
      return state;
    },
    async logText(id, query = {}) {
      const chunks: Uint8Array[] = [];
      const signal = AbortSignal.timeout(10_000);
      for await (const chunk of runtime.logs(id, { follow: false, timestamps: false, signal, ...query })) chunks.push(chunk);
      return Buffer.concat(chunks).toString('utf8');
    },
    async close() {
      await runtime.reset();
      const left = await runtime.list();
      runtime.close();
      engine.close();
      if (left.length > 0) throw new Error(`containers were left behind: ${left.map((state) => state.id).join(', ')}`);
    },
  };
}

function bareSpec(): ContainerSpec {
  return {
    identity: { namespace: 'default', pod: 'pod', podUid: randomUUID(), container: 'main', attempt: 0 },
    image: 'busybox',
    env: [],
    network: { type: 'own' },
    mounts: [],
    resources: {},
    stdin: false,
    stdinOnce: false,
    tty: false,
  };
}

// The Docker Engine of this daemon: where it listens, and the runtime over it.
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import { createDockerRuntime, type DockerRuntime } from '../kubelet/runtime/docker/docker-runtime.ts';
import { findEngine, type Endpoint } from '../kubelet/runtime/docker/endpoint.ts';

export interface Engine {
  readonly endpoint: Endpoint;
  readonly runtime: DockerRuntime;
}

/** Does not connect: the engine may be started later. */
export async function openEngine({ env, clusterId, clock, log }: { readonly env: Readonly<Record<string, string | undefined>>; readonly clusterId: string; readonly clock: Clock; readonly log: Logger }): Promise<Engine> {
  const endpoint = await findEngine(env);
  return { endpoint, runtime: createDockerRuntime({ endpoint, clusterId, clock, log }) };
}

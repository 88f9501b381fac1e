// Follows the logs of all Pods that a selector picks, those that appear later too, until nobody is left to write.
import type { Job, Pod } from '../../api/generated/types.ts';
import { PODS, type Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { silentLogger } from '../../base/log.ts';
import type { Client } from '../../client/client.ts';
import { createInformer } from '../../client/informer.ts';
import type { CliContext } from '../context.ts';
import { showLog, type LogParameters, type LogSource } from './log-lines.ts';
import { containersOf, hasLog, prefixOf, type ContainerChoice } from './log-sources.ts';
import { pulse } from './pulse.ts';

export interface FollowOptions {
  readonly context: CliContext;
  readonly client: Client;
  readonly namespace: string;
  readonly labelSelector: string;
  readonly choice: ContainerChoice;
  readonly parameters: LogParameters;
  /** Ends when this object, a Job say, is over; without it, when every Pod that was there has ended. */
  readonly until?: { readonly resource: Resource<Job>; readonly name: string };
  readonly withPrefix: boolean;
}

export async function followPods(options: FollowOptions): Promise<void> {
  const { context, client, namespace } = options;
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const common = { client, clock: context.clock, log: silentLogger, signal };
  const pods = createInformer<Pod>({ ...common, resource: PODS, query: { namespace, labelSelector: options.labelSelector } });
  const { until } = options;
  const owner = until === undefined ? undefined : createInformer<Job>({ ...common, resource: until.resource, query: { namespace, fieldSelector: `metadata.name=${until.name}` } });
  const streams = new Map<string, Promise<void>>();
  const changed = pulse();
  const stops = [pods.onChange(changed.beat), owner?.onChange(changed.beat)];
  context.signal.addEventListener('abort', changed.beat, { once: true });
  try {
    await Promise.all([pods.synced, owner?.synced]);
    for (;;) {
      const next = changed.next();
      if (signal.aborted) return;
      startStreams(pods.list(), streams, { ...options, signal });
      if (isOver(pods.list(), owner?.list()[0], streams.size)) break;
      await next;
    }
    await Promise.all(streams.values());
  } finally {
    for (const unsubscribe of stops) unsubscribe?.();
    stop.abort();
    await Promise.all([pods.done, owner?.done]);
  }
}

function startStreams(pods: readonly Pod[], streams: Map<string, Promise<void>>, options: FollowOptions & { readonly signal: AbortSignal }): void {
  const { client, context, choice, parameters, signal, withPrefix } = options;
  for (const source of pods.flatMap((pod) => containersOf(pod, choice))) {
    const key = attemptKey(source);
    if (streams.has(key) || !hasLog(source)) continue;
    const shown = showLog(source, { client, out: context.out, parameters, signal, prefix: withPrefix ? prefixOf(source) : '' });
    // A Pod that goes away in the middle ends its own log, not the others'.
    streams.set(key, shown.catch((error: unknown) => (signal.aborted ? undefined : context.err.write(`${(error as Error).message}\n`))));
  }
}

/** Each run of a container has a log of its own. */
function attemptKey({ pod, container }: LogSource): string {
  const status = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].find(({ name }) => name === container);
  const running = status?.state?.running !== undefined || status?.state?.terminated !== undefined;
  return `${pod.metadata?.uid}/${container}/${(status?.restartCount ?? 0) - (running ? 0 : 1)}`;
}

function isOver(pods: readonly Pod[], owner: KubeObject | undefined, streams: number): boolean {
  const allEnded = pods.every(({ status }) => status?.phase === 'Succeeded' || status?.phase === 'Failed');
  if (owner === undefined) return allEnded && (pods.length === 0 || streams > 0);
  const conditions = (owner as Job).status?.conditions ?? [];
  return allEnded && conditions.some(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True');
}

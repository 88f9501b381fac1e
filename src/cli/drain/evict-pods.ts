// Takes Pods away from a node, all at once: asks for the eviction of each until it is granted, then waits until the Pod is gone.
import type { DeleteOptions, Eviction, Pod } from '../../api/generated/types.ts';
import { PODS, type Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { isNotFound, StatusError } from '../../api/status-error.ts';
import { sleep } from '../../base/clock.ts';
import type { Client } from '../../client/client.ts';
import type { CliContext } from '../context.ts';
import type { DryRun } from '../write/write-flags.ts';

export interface EvictOptions {
  /** -1: each Pod's own. */
  readonly gracePeriodSeconds: number;
  /** 0: for ever. */
  readonly timeoutMs: number;
  /** Deletes instead, which no disruption budget stops. */
  readonly disableEviction: boolean;
  readonly skipDeletedAfterMs: number;
  readonly dryRun: DryRun;
}

const POLL_MS = 1_000;
const REFUSED_RETRY_MS = 5_000;

/** The failures, one a Pod. */
export async function evictPods(context: CliContext, pods: readonly Pod[], options: EvictOptions): Promise<readonly Error[]> {
  const client = await context.client();
  const limit = new AbortController();
  const timer = options.timeoutMs > 0 ? context.clock.setTimer(options.timeoutMs, () => limit.abort()) : undefined;
  try {
    const one = new Evicting({ context, client, options, limit: limit.signal });
    const outcomes = await Promise.all(pods.map((pod) => one.run(pod).then(() => undefined, asError)));
    context.signal.throwIfAborted();
    return outcomes.filter((outcome) => outcome !== undefined);
  } finally {
    timer?.cancel();
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

class Evicting {
  readonly #at: { readonly context: CliContext; readonly client: Client; readonly options: EvictOptions; readonly limit: AbortSignal };
  readonly #signal: AbortSignal;

  constructor(at: { readonly context: CliContext; readonly client: Client; readonly options: EvictOptions; readonly limit: AbortSignal }) {
    this.#at = at;
    this.#signal = AbortSignal.any([at.context.signal, at.limit]);
  }

  async run(pod: Pod): Promise<void> {
    const { context, options } = this.#at;
    if (!(await this.#ask(pod)) || options.dryRun === 'server') return;
    await this.#waitGone(pod);
    await context.out.write(`pod/${pod.metadata?.name} ${options.disableEviction ? 'deleted' : 'evicted'}\n`);
  }

  /** False when the Pod was gone before. */
  async #ask(pod: Pod): Promise<boolean> {
    const { context, options } = this.#at;
    const { name = '', namespace = '' } = pod.metadata ?? {};
    const [doing, suffix] = [options.disableEviction ? 'deleting' : 'evicting', options.dryRun === 'server' ? ' (server dry run)' : ''];
    for (;;) {
      if (!options.disableEviction) await context.out.write(`${doing} pod ${namespace}/${name}${suffix}\n`);
      try {
        await this.#send(pod);
        return true;
      } catch (error) {
        if (isNotFound(error)) return false;
        const what = `error when ${doing} pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)}`;
        const message = error instanceof Error ? error.message : String(error);
        if (!(error instanceof StatusError) || error.code !== 429) throw new Error(`${what}: ${message}`, { cause: error });
        await context.err.write(`${what} (will retry after ${REFUSED_RETRY_MS / 1_000}s): ${message}\n`);
        await this.#pause(REFUSED_RETRY_MS, what);
      }
    }
  }

  async #send({ metadata }: Pod): Promise<void> {
    const { client, options } = this.#at;
    const { name = '', namespace = '' } = metadata ?? {};
    const deleteOptions: DeleteOptions = {
      ...(options.gracePeriodSeconds < 0 ? {} : { gracePeriodSeconds: options.gracePeriodSeconds }),
      ...(options.dryRun === 'server' ? { dryRun: ['All'] } : {}),
    };
    if (options.disableEviction) return void (await client.delete(PODS, { namespace, name }, deleteOptions));
    const eviction: Eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace }, deleteOptions };
    await client.create(PODS as Resource<KubeObject>, eviction, { subresource: 'eviction', name });
  }

  async #waitGone({ metadata }: Pod): Promise<void> {
    const { client, context, options } = this.#at;
    const { name = '', namespace = '', uid } = metadata ?? {};
    for (;;) {
      const there = await client.get(PODS, { namespace, name }).catch((error: unknown) => (isNotFound(error) ? undefined : Promise.reject(error)));
      if (there === undefined || there.metadata?.uid !== uid) return;
      const since = Date.parse(there.metadata?.deletionTimestamp ?? '');
      if (options.skipDeletedAfterMs > 0 && context.clock.now() - since > options.skipDeletedAfterMs) {
        return context.out.write(`pod ${JSON.stringify(name)} has DeletionTimestamp older than ${options.skipDeletedAfterMs / 1_000} seconds, skipping\n`);
      }
      await this.#pause(POLL_MS, `error when waiting for pod ${JSON.stringify(name)} in namespace ${JSON.stringify(namespace)} to terminate`);
    }
  }

  async #pause(ms: number, what: string): Promise<void> {
    const { context, limit } = this.#at;
    await sleep(context.clock, ms, this.#signal).catch(() => {});
    context.signal.throwIfAborted();
    if (limit.aborted) throw new Error(`${what}: context deadline exceeded`);
  }
}

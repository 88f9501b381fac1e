// Tunnels to the Pod that is meant now: a Pod that is replaced takes its tunnel along, the next one gets a new one.
import type { Job, Pod } from '../../api/generated/types.ts';
import { isFinished } from '../../api/job/conditions.ts';
import { PODS } from '../../api/kinds.ts';
import { isPodReady } from '../../api/pod/is-pod-ready.ts';
import { isNotFound } from '../../api/status-error.ts';
import { sleep } from '../../base/clock.ts';
import { silentLogger } from '../../base/log.ts';
import type { Client } from '../../client/client.ts';
import { createInformer } from '../../client/informer.ts';
import type { Informer, InformerChange } from '../../client/informer-contract.ts';
import type { PortTunnel } from '../../client/port-tunnel.ts';
import type { StreamClient } from '../../client/stream-client.ts';
import { bestRunning, isRunning, type PodSource } from '../converse/choose-pod.ts';
import { UsageError, type CliContext } from '../context.ts';

export async function watchTunnels(context: CliContext, source: PodSource): Promise<PodTunnels> {
  const [client, streams] = await Promise.all([context.client(), context.streams()]);
  const stop = new AbortController();
  const query = source.owner === undefined ? { fieldSelector: `metadata.name=${source.name}` } : { labelSelector: source.owner.labelSelector };
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const pods = createInformer({ client, clock: context.clock, log: silentLogger, signal, resource: PODS, query: { namespace: source.namespace, ...query } });
  await pods.synced;
  return new PodTunnels({ context, source, client, streams, pods, stop, signal });
}

interface Surroundings {
  readonly context: CliContext;
  readonly source: PodSource;
  readonly client: Client;
  readonly streams: StreamClient;
  readonly pods: Pick<Informer<Pod>, 'list' | 'onChange'>;
  readonly stop: AbortController;
  readonly signal: AbortSignal;
}

export interface OpenTunnel {
  readonly pod: Pod;
  readonly tunnel: PortTunnel;
}

export class PodTunnels {
  readonly #at: Surroundings;
  /** By the uid of the Pod. */
  readonly #tunnels = new Map<string, Promise<PortTunnel>>();
  readonly #lost = Promise.withResolvers<never>();
  readonly #unsubscribe: () => void;
  #isAwaiting = false;
  /** The Pod of the connection before: who has begun to talk with one goes on with it. */
  #current: Pod | undefined;

  constructor(at: Surroundings) {
    this.#at = at;
    this.#lost.promise.catch(() => {});
    this.#unsubscribe = at.pods.onChange((change) => this.#podChanged(change));
  }

  /** Rejects when nothing will come in the place of what was: the Pod that was named, or the Job, has ended or is gone. */
  get lost(): Promise<never> {
    return this.#lost.promise;
  }

  /** To the Pod that runs, waiting for one at most `timeoutMs`. Rejects when there is none. */
  async open(timeoutMs: number): Promise<OpenTunnel> {
    const pod = stillGood(this.#current, this.#at.pods.list()) ?? bestRunning(this.#at.pods.list()) ?? (await nextRunning(this.#at, timeoutMs));
    this.#current = pod;
    return { pod, tunnel: await this.#tunnelTo(pod) };
  }

  close(): void {
    this.#unsubscribe();
    this.#at.stop.abort();
    for (const uid of [...this.#tunnels.keys()]) this.#forget(uid);
  }

  #tunnelTo({ metadata }: Pod): Promise<PortTunnel> {
    const uid = metadata?.uid ?? '';
    const known = this.#tunnels.get(uid);
    if (known !== undefined) return known;
    const opened = this.#at.streams.portForward({ namespace: this.#at.source.namespace, name: metadata?.name ?? '' });
    this.#tunnels.set(uid, opened);
    // One that fails, or ends with the server, is not used again.
    const drop = (): void => void (this.#tunnels.get(uid) === opened && this.#tunnels.delete(uid));
    void opened.then((tunnel) => tunnel.closed.then(drop), drop);
    return opened;
  }

  #forget(uid: string): void {
    void this.#tunnels.get(uid)?.then((tunnel) => tunnel.close(), () => {});
    this.#tunnels.delete(uid);
  }

  #podChanged({ before, after }: InformerChange<Pod>): void {
    const { source, pods } = this.#at;
    const uid = before?.metadata?.uid ?? '';
    if (before !== undefined && (after?.metadata?.uid !== uid || isOver(after))) this.#forget(uid);
    if (source.owner !== undefined) {
      if (bestRunning(pods.list()) === undefined) void this.#awaitNext();
    } else if (after === undefined || isOver(after)) {
      this.#lost.reject(new UsageError('lost connection to pod'));
    }
  }

  /** Until another Pod runs, or it is known that none will: a Job is told to be over a moment after its Pods are. */
  async #awaitNext(): Promise<void> {
    if (this.#isAwaiting) return;
    this.#isAwaiting = true;
    const { context, source, client, pods, signal } = this.#at;
    try {
      while (bestRunning(pods.list()) === undefined) {
        if (await hasEnded(client, source)) return this.#lost.reject(new UsageError(`lost connection to pod: ${source.text} has ended`));
        await sleep(context.clock, OWNER_POLL_MS, signal);
      }
    } catch {
      // Interrupted, or nobody answers: then connections say so.
    } finally {
      this.#isAwaiting = false;
    }
  }
}

const OWNER_POLL_MS = 500;

/** The same Pod as it is now, unless another would serve better. */
function stillGood(current: Pod | undefined, pods: readonly Pod[]): Pod | undefined {
  const now = pods.find(({ metadata }) => metadata?.uid === current?.metadata?.uid);
  return now !== undefined && isRunning(now) && isPodReady(now) ? now : undefined;
}

/** Gone, or a Job that is complete or has failed. */
async function hasEnded(client: Client, { owner, namespace, name }: PodSource): Promise<boolean> {
  try {
    const found = await client.get(owner!.resource, { namespace, name });
    return owner!.resource.kind === 'Job' && isFinished(found as Job);
  } catch (error) {
    if (isNotFound(error)) return true;
    throw error;
  }
}

function isOver({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

function nextRunning({ context, pods, source }: Surroundings, timeoutMs: number): Promise<Pod> {
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      unsubscribe();
      timer.cancel();
    };
    const timer = context.clock.setTimer(timeoutMs, () => {
      finish();
      reject(new UsageError(`no pod of ${source.text} runs`));
    });
    const unsubscribe = pods.onChange(() => {
      const pod = bestRunning(pods.list());
      if (pod === undefined) return;
      finish();
      resolve(pod);
    });
  });
}

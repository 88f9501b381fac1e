// Tunnels to the Pod that is meant now: a Pod that is replaced takes its tunnel along, the next one gets a new one.
import { PODS } from '../../api/kinds.ts';
import type { Pod } from '../../api/generated/types.ts';
import { silentLogger } from '../../base/log.ts';
import { createInformer } from '../../client/informer.ts';
import type { PortTunnel } from '../../client/port-tunnel.ts';
import { newestRunning, type PodSource } from '../converse/choose-pod.ts';
import { UsageError, type CliContext } from '../context.ts';

export interface PodTunnels {
  /** To the Pod that runs, waiting for one at most `timeoutMs`. Rejects when there is none. */
  open(timeoutMs: number): Promise<PortTunnel>;
  /** Rejects when a Pod that was named itself has ended or is gone: nothing will come in its place. */
  readonly lost: Promise<never>;
  close(): void;
}

export async function watchTunnels(context: CliContext, source: PodSource): Promise<PodTunnels> {
  const [client, streams] = await Promise.all([context.client(), context.streams()]);
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const query = source.labelSelector === undefined ? { fieldSelector: `metadata.name=${source.name}` } : { labelSelector: source.labelSelector };
  const pods = createInformer({ client, clock: context.clock, log: silentLogger, signal, resource: PODS, query: { namespace: source.namespace, ...query } });
  await pods.synced;
  const tunnels = new Map<string, Promise<PortTunnel>>();
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => {});

  const forget = (uid: string): void => {
    void tunnels.get(uid)?.then((tunnel) => tunnel.close(), () => {});
    tunnels.delete(uid);
  };
  const tunnelTo = (pod: Pod): Promise<PortTunnel> => {
    const uid = pod.metadata?.uid ?? '';
    const known = tunnels.get(uid);
    if (known !== undefined) return known;
    const opened = streams.portForward({ namespace: source.namespace, name: pod.metadata?.name ?? '' });
    tunnels.set(uid, opened);
    // One that fails, or ends with the server, is not asked again.
    const drop = (): void => void (tunnels.get(uid) === opened && tunnels.delete(uid));
    void opened.then((tunnel) => tunnel.closed.then(drop), drop);
    return opened;
  };
  const unsubscribe = pods.onChange(({ before, after }) => {
    const uid = before?.metadata?.uid ?? '';
    if (before !== undefined && (after?.metadata?.uid !== uid || isOver(after))) forget(uid);
    if (source.labelSelector === undefined && (after === undefined || isOver(after))) lost.reject(new UsageError('lost connection to pod'));
  });
  return {
    lost: lost.promise,
    async open(timeoutMs) {
      const pod = newestRunning(pods.list()) ?? (await nextRunning(context, { pods, timeoutMs, source }));
      return tunnelTo(pod);
    },
    close() {
      unsubscribe();
      stop.abort();
      for (const uid of [...tunnels.keys()]) forget(uid);
    },
  };
}

function isOver({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

function nextRunning(
  context: CliContext,
  { pods, timeoutMs, source }: { readonly pods: { list(): readonly Pod[]; onChange(callback: () => void): () => void }; readonly timeoutMs: number; readonly source: PodSource },
): Promise<Pod> {
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
      const pod = newestRunning(pods.list());
      if (pod === undefined) return;
      finish();
      resolve(pod);
    });
  });
}

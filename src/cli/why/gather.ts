// Reads what the rules need to know of a Pod or a Job: the objects, events, runs, ends of logs, configuration.
import type { CoreEvent, Pod } from '../../api/generated/types.ts';
import { CONFIG_MAPS, EVENTS, PERSISTENT_VOLUME_CLAIMS, PODS, SECRETS } from '../../api/kinds.ts';
import { claimNamesOf } from '../../api/volume/storage-facts.ts';
import type { Client } from '../../client/client.ts';
import { runKey, runsOf, type ContainerRun } from '../runs/container-run.ts';
import { attemptsOf, findJobRuns, orAbsent } from '../runs/find-runs.ts';
import { logTail } from '../runs/log-tail.ts';
import type { JobFacts, LogTail, LogTails, NeededClaim, NeededConfig, PodFacts } from './facts.ts';
import { configNeeds } from './needed-config.ts';
import { planQuotes } from './plan-quotes.ts';

const LOG_LINES = 20;

export interface Asked {
  readonly client: Client;
  readonly namespace: string;
  readonly name: string;
  readonly now: number;
}

/** Undefined when there is no such Pod; the archive may still have runs of it. */
export async function gatherPod({ client, namespace, name, now }: Asked): Promise<PodFacts | { readonly pod: undefined; readonly runs: readonly ContainerRun[]; readonly logs: LogTails }> {
  const [pod, attempts] = await Promise.all([orAbsent(client.get(PODS, { namespace, name })), attemptsOf(client, { namespace, pod: name })]);
  const uid = pod?.metadata?.uid ?? attempts.at(-1)?.podUid;
  const runs = runsOf(pod === undefined ? [] : [pod], attempts.filter(({ podUid }) => podUid === uid));
  const logs = await readLogs(client, { namespace, runs });
  if (pod === undefined) return { pod, runs, logs };
  const [events, needs, claims] = await Promise.all([eventsAbout(client, pod), readNeeds(client, pod), readClaims(client, pod)]);
  return { now, namespace, pod, events, runs, logs, needs, claims };
}

export async function gatherJob({ client, namespace, name, now }: Asked): Promise<JobFacts> {
  const { job, pods, attempts } = await findJobRuns(client, { namespace, name });
  const runs = runsOf(pods, attempts);
  const [logs, events, podEvents] = await Promise.all([
    readLogs(client, { namespace, runs }),
    job === undefined ? [] : eventsAbout(client, job),
    runs.length + pods.length === 0 ? [] : client.list(EVENTS, { namespace, fieldSelector: 'involvedObject.kind=Pod' }).then(({ items }) => items),
  ]);
  const [needs, claims] = await Promise.all([needsOfPods(client, pods), Promise.all(pods.map((pod) => readClaims(client, pod)))]);
  const byPod = Map.groupBy(podEvents, ({ involvedObject }) => involvedObject.uid ?? '');
  const facts = pods.map((pod, at): PodFacts => {
    const uid = pod.metadata?.uid ?? '';
    return { now, namespace, pod, events: byPod.get(uid) ?? [], runs: runs.filter(({ podUid }) => podUid === uid), logs, needs: needs.get(uid) ?? [], claims: claims[at] ?? [] };
  });
  return { now, namespace, name, job, events, pods: facts, podEvents: byPod, runs, logs };
}

export async function eventsAbout(client: Client, { kind, metadata }: { readonly kind?: string; readonly metadata?: Pod['metadata'] }): Promise<readonly CoreEvent[]> {
  const fields = [`involvedObject.kind=${kind}`, `involvedObject.name=${metadata?.name}`, `involvedObject.uid=${metadata?.uid}`];
  return (await client.list(EVENTS, { namespace: metadata?.namespace, fieldSelector: fields.join(',') })).items;
}

async function readLogs(client: Client, { namespace, runs }: { readonly namespace: string; readonly runs: readonly ContainerRun[] }): Promise<LogTails> {
  const tails = await Promise.all(
    planQuotes(runs).map(async (run): Promise<readonly [string, LogTail][]> => {
      const isNewest = !runs.some((other) => other.podUid === run.podUid && other.container === run.container && other.restart > run.restart);
      const lines = await logTail(client, run, { namespace, lines: LOG_LINES, isNewest });
      return lines === undefined ? [] : [[runKey(run), { lines, isArchived: run.isArchived }]];
    }),
  );
  return new Map(tails.flat());
}

/** Only Pods that have not started are asked what they lack; those of one Job lack the same. */
async function needsOfPods(client: Client, pods: readonly Pod[]): Promise<ReadonlyMap<string, readonly NeededConfig[]>> {
  const waiting = pods.filter(({ status }) => status?.phase === 'Pending' || status?.phase === undefined);
  const first = waiting[0];
  if (first === undefined) return new Map();
  const needs = await readNeeds(client, first);
  return new Map(waiting.map(({ metadata }) => [metadata?.uid ?? '', needs]));
}

/** Only Pods that have not started are asked. */
async function readClaims(client: Client, pod: Pod): Promise<readonly NeededClaim[]> {
  if ((pod.status?.phase ?? 'Pending') !== 'Pending') return [];
  const { namespace } = pod.metadata ?? {};
  const found = await Promise.all(
    claimNamesOf(pod).map(async (name): Promise<NeededClaim[]> => {
      const claim = await orAbsent(client.get(PERSISTENT_VOLUME_CLAIMS, { namespace, name }));
      if (claim === undefined) return [{ name }];
      if (claim.status?.phase === 'Bound') return [];
      const told = [...(await eventsAbout(client, claim))].sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion)).at(-1);
      return [{ name, phase: claim.status?.phase ?? 'Pending', ...(told === undefined ? {} : { told }) }];
    }),
  );
  return found.flat();
}

async function readNeeds(client: Client, { spec, metadata }: Pod): Promise<readonly NeededConfig[]> {
  const namespace = metadata?.namespace;
  return Promise.all(
    configNeeds(spec).map(async (need): Promise<NeededConfig> => {
      const target = { namespace, name: need.name };
      const object = await (need.kind === 'ConfigMap' ? orAbsent(client.get(CONFIG_MAPS, target)) : orAbsent(client.get(SECRETS, target)));
      if (object === undefined) return { ...need, state: 'no-object' };
      const keys = Object.keys({ ...object.data, ...('binaryData' in object ? object.binaryData : {}) });
      return { ...need, state: need.key === undefined || keys.includes(need.key) ? 'there' : 'no-key' };
    }),
  );
}

// Waits until one object has come to a goal: what is there is judged first, then every change.
import type { Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { isExpired } from '../../api/status-error.ts';
import type { Client } from '../../client/client.ts';
import { judge, type Goal, type Verdict } from './goal.ts';

export interface Awaited {
  readonly resource: Resource<KubeObject>;
  readonly namespace: string;
  readonly name: string;
  /** Only this object: another of the same name means that it is gone. */
  readonly uid?: string;
}

export interface WaitOptions {
  readonly client: Client;
  readonly goal: Goal;
  readonly signal: AbortSignal;
  /** Told of each state of the object, for progress. */
  readonly onState?: (object: KubeObject | undefined) => void;
}

/** 'waiting' when the signal ends it first. */
export async function waitFor(target: Awaited, options: WaitOptions): Promise<Verdict> {
  while (!options.signal.aborted) {
    try {
      const verdict = await waitOnce(target, options);
      if (verdict.type !== 'waiting') return verdict;
    } catch (error) {
      if (options.signal.aborted) break;
      if (!isExpired(error)) throw error;
    }
  }
  return { type: 'waiting' };
}

/** Until the server ends the watch. */
async function waitOnce({ resource, namespace, name, uid }: Awaited, { client, goal, signal, onState }: WaitOptions): Promise<Verdict> {
  const query = { namespace: namespace === '' ? undefined : namespace, fieldSelector: `metadata.name=${name}` };
  const list = await client.list(resource, query);
  const [there] = list.items.filter((item) => uid === undefined || item.metadata?.uid === uid);
  onState?.(there);
  const first = judge(goal, there);
  if (first.type !== 'waiting') return first;
  for await (const { type, object } of client.watch(resource, { ...query, resourceVersion: list.metadata.resourceVersion, allowWatchBookmarks: true, signal })) {
    if (type === 'BOOKMARK') continue;
    const now = type === 'DELETED' ? undefined : object;
    onState?.(now);
    const verdict = judge(goal, now);
    if (verdict.type !== 'waiting') return verdict;
  }
  return { type: 'waiting' };
}

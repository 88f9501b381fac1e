// GET of what Pods and nodes use: the objects that the caller means, measured now. Nothing of it is stored.
import type { Node, Pod } from '../../api/generated/types.ts';
import { NODE_METRICS, NODES, POD_METRICS, PODS, type Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { StatusError } from '../../api/status-error.ts';
import type { UsageSource } from '../../api/usage/usage-source.ts';
import type { Call, Verb } from '../call.ts';
import { presentList, presentObject } from '../present.ts';
import { decodeEntry, storageKey } from '../stored-object.ts';
import { strategyOf } from '../strategies/registry.ts';
import { listObjects } from '../verbs/list.ts';
import { nodeMetrics, podMetrics } from './present-usage.ts';

/** Undefined for resources that are stored. */
export function measuredVerb(resource: Resource, usage: UsageSource): Verb | undefined {
  if (resource === (POD_METRICS as Resource)) return answer(PODS as Resource, (call, pods) => measurePods(call, pods, usage));
  if (resource === (NODE_METRICS as Resource)) return answer(NODES as Resource, (call, nodes) => measureNodes(call, nodes, usage));
  return undefined;
}

type Measure = (call: Call, subjects: readonly KubeObject[]) => Promise<readonly KubeObject[]>;

function answer(subject: Resource, measure: Measure): Verb {
  return async (call) => {
    const read: Call = { ...call, resource: subject, strategy: strategyOf(subject) };
    if (call.name === '') return presentList(call, await measure(call, await listObjects(read)), { resourceVersion: '' });
    const entry = await call.server.store.get(storageKey(subject, call.namespace, call.name));
    const [measured] = entry === undefined ? [] : await measure(call, [decodeEntry(subject, entry)]);
    if (measured === undefined) throw notMeasured(call);
    return presentObject(call, measured);
  };
}

async function measurePods(call: Call, pods: readonly Pod[], usage: UsageSource): Promise<readonly KubeObject[]> {
  const measured = await usage.pods(pods.map(({ metadata }) => metadata?.uid ?? ''));
  const byUid = new Map(measured.map((one) => [one.podUid, one]));
  return pods.flatMap((pod) => {
    const found = byUid.get(pod.metadata?.uid ?? '');
    return found === undefined ? [] : [podMetrics(pod, found, call.server.clock.now())];
  });
}

async function measureNodes(call: Call, nodes: readonly Node[], usage: UsageSource): Promise<readonly KubeObject[]> {
  if (nodes.length === 0) return [];
  const byName = new Map((await usage.nodes()).map((one) => [one.node, one]));
  return nodes.flatMap((node) => {
    const found = byName.get(node.metadata?.name ?? '');
    return found === undefined ? [] : [nodeMetrics(node, found, call.server.clock.now())];
  });
}

/** In the words of upstream's metrics server. */
function notMeasured({ resource, namespace, name }: Call): StatusError {
  const kind = resource.kind.toLowerCase();
  const subject = resource.namespaced ? `${namespace}/${name}` : name;
  return new StatusError({
    code: 404,
    reason: 'NotFound',
    message: `${kind}.${resource.group} ${JSON.stringify(subject)} not found`,
    details: { name: subject, group: resource.group, kind },
  });
}

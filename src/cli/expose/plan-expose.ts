// pure: the Service that "minik expose" makes for an object that has Pods, or is one.
import type { Container, LabelSelector, PodSpec, Service, ServicePort } from '../../api/generated/types.ts';
import { generatedLabels, JOB_NAME_LABEL } from '../../api/job/labels.ts';
import type { KubeObject } from '../../api/object.ts';
import { UsageError } from '../context.ts';
import { parsePairs } from '../write/label-pairs.ts';
import { targetPortOf } from './service-ports.ts';

export interface ExposeWish {
  readonly name?: string;
  readonly port?: string;
  readonly targetPort?: string;
  readonly protocol?: string;
  readonly type?: string;
  readonly selector?: string;
  readonly labels?: string;
  readonly clusterIp?: string;
  readonly externalIp?: string;
  readonly loadBalancerIp?: string;
  readonly sessionAffinity?: string;
}

export interface Exposed extends KubeObject {
  readonly spec?: PodSpec & {
    readonly selector?: LabelSelector | Record<string, string>;
    readonly template?: { readonly spec?: PodSpec };
    readonly ports?: readonly ServicePort[];
  };
}

const MAX_NAME = 63;
const NO_PORT = "couldn't find port via --port flag or introspection";
const NO_SELECTOR = "couldn't retrieve selectors via --selector flag or introspection: ";
/** Of these kubectl knows the Pods; Jobs are minik's own. */
const EXPOSABLE: ReadonlySet<string> = new Set(['Pod', 'Service', 'ReplicationController', 'ReplicaSet', 'Deployment', 'Job']);

/** Throws UsageError in kubectl's words. `kind`: "ConfigMap", "CronJob.batch". */
export function planExpose(object: Exposed, kind: string, wish: ExposeWish): Service {
  if (!EXPOSABLE.has(object.kind ?? '')) throw new UsageError(`cannot expose a ${kind}`);
  const selector = given(wish.selector) ? parsePairs(wish.selector.split(','), 'label') : selectorOf(object);
  const labels = given(wish.labels) ? parsePairs(wish.labels.split(','), 'label') : ownLabels(object);
  const ports = portsOf(object, wish);
  const isBalancer = wish.type === 'LoadBalancer' && given(wish.loadBalancerIp);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...(labels === undefined ? {} : { labels }), name: (given(wish.name) ? wish.name : (object.metadata?.name ?? '')).slice(0, MAX_NAME) },
    spec: {
      ...(given(wish.clusterIp) ? { clusterIP: wish.clusterIp } : {}),
      ...(given(wish.externalIp) ? { externalIPs: [wish.externalIp] } : {}),
      ...(isBalancer ? { loadBalancerIP: wish.loadBalancerIp } : {}),
      ...(ports.length === 0 ? {} : { ports }),
      selector,
      ...(given(wish.sessionAffinity) ? { sessionAffinity: affinityOf(wish.sessionAffinity) } : {}),
      ...(given(wish.type) ? { type: wish.type } : {}),
    },
    status: { loadBalancer: {} },
  };
}

/** Without those that say which Job it is. */
function ownLabels({ kind, metadata }: Exposed): Record<string, string> | undefined {
  if (kind !== 'Job' || metadata?.labels === undefined) return metadata?.labels;
  const generated = generatedLabels('', '');
  const labels = Object.entries(metadata.labels).filter(([key]) => !Object.hasOwn(generated, key));
  return labels.length === 0 ? undefined : Object.fromEntries(labels);
}

function given(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}

function selectorOf({ kind, metadata, spec }: Exposed): Record<string, string> {
  switch (kind) {
    case 'Pod':
      return some(metadata?.labels, 'the pod has no labels and cannot be exposed');
    case 'Service':
      return some(spec?.selector as Record<string, string> | undefined, 'the service has no pod selector set');
    case 'Job':
      // Not by the Job's identity: its successor of the same name is meant, too.
      return { [JOB_NAME_LABEL]: metadata?.name ?? '' };
    case 'ReplicationController':
      return some(spec?.selector as Record<string, string> | undefined, 'invalid replication controller: no selectors, therefore cannot be exposed');
    default: {
      const { matchLabels, matchExpressions = [] } = (spec?.selector ?? {}) as LabelSelector;
      if (matchExpressions.length > 0) throw new UsageError(`${NO_SELECTOR}couldn't convert expressions - ${JSON.stringify(matchExpressions)} to map-based selector format`);
      return some(matchLabels, `invalid ${kind === 'Deployment' ? 'deployment' : 'replicaset'}: no selectors, therefore cannot be exposed`);
    }
  }
}

function some(labels: Record<string, string> | undefined, otherwise: string): Record<string, string> {
  if (labels === undefined || Object.keys(labels).length === 0) throw new UsageError(NO_SELECTOR + otherwise);
  return labels;
}

interface OwnPort {
  readonly port: number;
  readonly protocol: string;
}

function portsOf(object: Exposed, wish: ExposeWish): ServicePort[] {
  const own = ownPorts(object);
  const numbers = given(wish.port) ? wish.port.split(',').map(integer) : [...new Set(own.map(({ port }) => port))];
  if (numbers.length === 0 && wish.clusterIp !== 'None') throw new UsageError(NO_PORT);
  return numbers.flatMap((port, at) => {
    const name = numbers.length > 1 ? `port-${at + 1}` : undefined;
    const protocols = given(wish.protocol) ? [wish.protocol] : [...new Set(own.filter((one) => one.port === port).map(({ protocol }) => protocol))];
    const targetPort = given(wish.targetPort) ? targetPortOf(wish.targetPort) : port;
    if (protocols.length < 2) return [{ ...(name === undefined ? {} : { name }), port, protocol: protocols[0] ?? 'TCP', targetPort }];
    return protocols.map((protocol) => ({ name: `port-${at + 1}-${protocol.toLowerCase()}`, port, protocol, targetPort }));
  });
}

/** What the object itself says that it listens on. */
function ownPorts({ kind, spec }: Exposed): OwnPort[] {
  if (kind === 'Service') return (spec?.ports ?? []).map(({ port, protocol = 'TCP' }) => ({ port, protocol }));
  const containers: readonly Container[] = (kind === 'Pod' ? spec : spec?.template?.spec)?.containers ?? [];
  return containers.flatMap(({ ports = [] }) => ports.map(({ containerPort, protocol = 'TCP' }) => ({ port: containerPort, protocol })));
}

function integer(text: string): number {
  if (!/^[-+]?\d+$/.test(text)) throw new UsageError(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

function affinityOf(text: string): string {
  if (text !== 'None' && text !== 'ClientIP') throw new UsageError(`unknown session affinity: ${text}`);
  return text;
}

// pure: the two ends that `minik can-reach` is asked about, as they are typed: pod/a, service/db:5432, 10.0.0.9:53/udp, host.
import { parseIp } from '../../api/ip.ts';
import { UsageError } from '../context.ts';

export type ReachEnd =
  | { readonly type: 'host' }
  | { readonly type: 'pod' | 'service'; readonly namespace: string; readonly name: string }
  | { readonly type: 'address'; readonly ip: string };

export interface ReachTarget {
  readonly end: ReachEnd;
  /** A number or a name; undefined: every port that the target tells of. */
  readonly port?: string;
  /** "TCP" unless said; undefined together with the port. */
  readonly protocol?: string;
}

const KINDS = new Map<string, 'pod' | 'service'>([
  ...['pod', 'pods', 'po'].map((word) => [word, 'pod'] as const),
  ...['service', 'services', 'svc'].map((word) => [word, 'service'] as const),
]);
const FORMS = 'pod/NAME, service/NAME, an IP address or host';

export function parseReachSource(text: string, namespace: string): ReachEnd {
  const end = parseEnd(text, namespace);
  if (end === undefined) throw new UsageError(`expected who connects as pod/NAME, an IP address or host, got "${text}"`);
  if (end.type === 'service') throw new UsageError(`a Service connects to nobody: name one of its Pods instead of "${text}"`);
  return end;
}

/** "service/db", "service/other-namespace/db:5432", "pod/a:web", "10.0.0.9:53/udp", "[fd00::1]:80". */
export function parseReachTarget(text: string, namespace: string): ReachTarget {
  const [, place = '', port, protocol = 'TCP'] = /^(\[[^\]]*\]|[^:]*)(?::([^:/]+)(?:\/(\w+))?)?$/.exec(text) ?? [];
  const end = parseEnd(place.replace(/^\[(.*)\]$/, '$1'), namespace);
  if (end === undefined) throw new UsageError(`expected where to as ${FORMS}, each with :PORT or :PORT/PROTOCOL, got "${text}"`);
  if (port === undefined) {
    if (end.type === 'host' || end.type === 'address') throw new UsageError(`"${text}" needs a port: ${text}:80`);
    return { end };
  }
  if (!['TCP', 'UDP', 'SCTP'].includes(protocol.toUpperCase())) throw new UsageError(`expected tcp, udp or sctp as the protocol of "${text}", got "${protocol}"`);
  if (/^\d+$/.test(port) && (Number(port) < 1 || Number(port) > 65_535)) throw new UsageError(`the port of "${text}" must be between 1 and 65535`);
  if (!/^\d+$/.test(port) && (end.type === 'host' || end.type === 'address')) throw new UsageError(`the port of "${text}" must be a number: only Pods and Services name theirs`);
  return { end, port, protocol: protocol.toUpperCase() };
}

function parseEnd(text: string, namespace: string): ReachEnd | undefined {
  if (text === 'host' || text === 'node') return { type: 'host' };
  if (parseIp(text) !== undefined) return { type: 'address', ip: text };
  const [word = '', ...names] = text.split('/');
  const kind = KINDS.get(word);
  if (kind === undefined || names.length > 2 || names.length === 0 || names.includes('')) return undefined;
  return { type: kind, namespace: names.length === 2 ? names[0]! : namespace, name: names.at(-1)! };
}

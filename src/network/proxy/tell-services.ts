// Tells Services what becomes of their ports on this host: one event for all addresses of a port.
import type { Service } from '../../api/generated/types.ts';
import type { Clock, Timer } from '../../base/clock.ts';
import type { EventRecorder } from '../../client/event-recorder-contract.ts';
import type { Informer } from '../../client/informer-contract.ts';
import type { ListenerNews } from './listener-book.ts';
import { listenerEvent } from './listener-events.ts';
import type { ListenerReport } from './protocol.ts';

/** Addresses of one port fail within moments of each other. */
const GATHER_MS = 50;

export interface TellServicesOptions {
  readonly services: Informer<Service>;
  readonly recorder: EventRecorder;
  readonly findHolder: (port: Pick<ListenerReport, 'protocol' | 'port'>) => Promise<string | undefined>;
  readonly clock: Clock;
}

export function tellServices({ services, recorder, findHolder, clock }: TellServicesOptions): { tell(news: readonly ListenerNews[]): void; stop(): void } {
  let gathered: ListenerNews[] = [];
  let timer: Timer | undefined;
  const tellOne = async (news: readonly ListenerNews[]): Promise<void> => {
    const { type, listener } = news[0]!;
    const holder = type === 'failed' && listener.code === 'EADDRINUSE' ? await findHolder(listener) : undefined;
    const service = services.get(serviceOf(listener));
    if (service === undefined) return;
    const fallback = fallbackOf(service, listener);
    recorder.event(service, listenerEvent(news[0]!, { addresses: news.map(({ listener: { address } }) => address), ...(holder === undefined ? {} : { holder }), ...(fallback === undefined ? {} : { fallback }) }));
  };
  const flush = (): void => {
    timer = undefined;
    const groups = Map.groupBy(gathered, ({ type, listener: { owner, purpose, port, code } }) => `${type} ${owner} ${purpose} ${port} ${code}`);
    gathered = [];
    for (const news of groups.values()) void tellOne(news);
  };
  return {
    tell(news) {
      gathered.push(...news);
      timer ??= clock.setTimer(GATHER_MS, flush);
    },
    stop: () => timer?.cancel(),
  };
}

/** "ns/name:port/TCP" of a rule, "ns/name" of a health check. */
function serviceOf({ owner }: ListenerReport): string {
  return owner.split(':')[0]!;
}

function fallbackOf({ spec }: Service, { purpose, port, protocol }: ListenerReport): string | undefined {
  if (purpose !== 'load-balancer') return undefined;
  const nodePort = spec?.ports?.find((candidate) => candidate.port === port && (candidate.protocol ?? 'TCP') === protocol)?.nodePort ?? 0;
  return nodePort === 0 ? undefined : `127.0.0.1:${nodePort}`;
}

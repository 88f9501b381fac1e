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
/** By then it is known whether the kernel forwards to an address that could not be opened. */
const SERVED_MS = 2_000;

export interface TellServicesOptions {
  readonly services: Informer<Service>;
  readonly recorder: EventRecorder;
  readonly findHolder: (port: Pick<ListenerReport, 'protocol' | 'address' | 'port'>) => Promise<string | undefined>;
  /** The kernel forwards there: that no listener can be opened harms nobody. */
  readonly isServed: (listener: ListenerReport) => boolean;
  readonly clock: Clock;
}

export function tellServices({ services, recorder, findHolder, isServed, clock }: TellServicesOptions): { tell(news: readonly ListenerNews[]): void; stop(): void } {
  const tellOne = async (news: readonly ListenerNews[]): Promise<void> => {
    const { type, listener } = news[0]!;
    const holder = type === 'failed' && listener.code === 'EADDRINUSE' ? await findHolder(listener) : undefined;
    const service = services.get(serviceOf(listener));
    if (service === undefined) return;
    const fallback = fallbackOf(service, listener);
    recorder.event(service, listenerEvent(news[0]!, { addresses: news.map(({ listener: { address } }) => address), ...(holder === undefined ? {} : { holder }), ...(fallback === undefined ? {} : { fallback }) }));
  };
  const tellAll = (gathered: readonly ListenerNews[]): void => {
    const harmful = gathered.filter(({ listener }) => !isServed(listener));
    for (const news of Map.groupBy(harmful, ({ type, listener: { owner, purpose, port, code } }) => `${type} ${owner} ${purpose} ${port} ${code}`).values()) void tellOne(news);
  };
  const [atOnce, later] = [gather(clock, GATHER_MS, tellAll), gather(clock, SERVED_MS, tellAll)];
  return {
    tell(news) {
      const mayBeServed = ({ listener: { purpose } }: ListenerNews): boolean => purpose === 'load-balancer' || purpose === 'external-ip';
      atOnce.add(news.filter((one) => !mayBeServed(one)));
      later.add(news.filter(mayBeServed));
    },
    stop() {
      atOnce.stop();
      later.stop();
    },
  };
}

/** Hands on what has come within a time, together. */
function gather(clock: Clock, delayMs: number, handOn: (news: readonly ListenerNews[]) => void): { add(news: readonly ListenerNews[]): void; stop(): void } {
  let gathered: ListenerNews[] = [];
  let timer: Timer | undefined;
  return {
    add(news) {
      if (news.length === 0) return;
      gathered.push(...news);
      timer ??= clock.setTimer(delayMs, () => {
        const all = gathered;
        gathered = [];
        timer = undefined;
        handOn(all);
      });
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

// What the service network could not open of load balancers' ports, for who tells it in their status.
import { sameValue } from '../api/equality.ts';
import type { PortStatus } from '../api/generated/types.ts';
import { reasonOf } from '../network/proxy/listener-events.ts';
import type { ListenerReport } from '../network/proxy/protocol.ts';

type Listener = Pick<ListenerReport, 'owner' | 'port' | 'protocol' | 'code'>;

export class UnopenedPorts {
  readonly #listeners = new Set<(serviceKey: string) => void>();
  #ports = new Map<string, readonly PortStatus[]>();

  of(serviceKey: string): readonly PortStatus[] {
    return this.#ports.get(serviceKey) ?? [];
  }

  onChange(callback: (serviceKey: string) => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  /** All that cannot be opened now. */
  set(listeners: readonly Listener[]): void {
    const before = this.#ports;
    this.#ports = new Map([...Map.groupBy(listeners, serviceOf)].map(([key, failed]) => [key, statusesOf(failed)]));
    for (const key of new Set([...before.keys(), ...this.#ports.keys()])) {
      if (!sameValue(before.get(key), this.#ports.get(key))) for (const listener of this.#listeners) listener(key);
    }
  }
}

/** "ns/name:port/TCP" */
function serviceOf({ owner }: Listener): string {
  return owner.split(':')[0]!;
}

/** A port once, whatever its addresses; in a form that upstream leaves to providers. */
function statusesOf(listeners: readonly Listener[]): PortStatus[] {
  const byPort = new Map(listeners.map(({ port, protocol, code }) => [`${port}/${protocol}`, { port, protocol, error: `minik.dev/${reasonOf(code === undefined ? {} : { code })}` }]));
  return [...byPort.values()].sort((a, b) => a.port - b.port || (a.protocol < b.protocol ? -1 : 1));
}

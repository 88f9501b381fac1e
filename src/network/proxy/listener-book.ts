// pure: what is known of the proxy's listeners, which node ports are held by them, and what is news to the user.
import type { ListenerReport } from './protocol.ts';

/** What a Service's user is to be told. */
export interface ListenerNews {
  readonly type: 'failed' | 'recovered';
  readonly listener: ListenerReport;
}

export class ListenerBook {
  /** By owner, then by address and port. */
  readonly #listeners = new Map<string, Map<string, ListenerReport>>();

  /** Notes the reports; returns what has changed for the worse, or for the better after that. */
  note(reports: readonly ListenerReport[]): readonly ListenerNews[] {
    return reports.flatMap((report) => {
      const ofOwner = this.#listeners.get(report.owner) ?? new Map<string, ListenerReport>();
      const at = `${report.protocol} ${report.address} ${report.port}`;
      const before = ofOwner.get(at);
      if (report.state === 'gone') ofOwner.delete(at);
      else ofOwner.set(at, report);
      if (ofOwner.size === 0) this.#listeners.delete(report.owner);
      else this.#listeners.set(report.owner, ofOwner);
      return newsOf(before, report);
    });
  }

  /** A thread that ended has no listeners; what had failed is still known to have. */
  forgetOpen(): void {
    for (const [owner, listeners] of this.#listeners) {
      for (const [at, { state }] of listeners) if (state !== 'failed') listeners.delete(at);
      if (listeners.size === 0) this.#listeners.delete(owner);
    }
  }

  /** Those for this purpose that could not be opened. */
  failed(purpose: ListenerReport['purpose']): readonly ListenerReport[] {
    return [...this.#listeners.values()].flatMap((listeners) => [...listeners.values()].filter((listener) => listener.state === 'failed' && listener.purpose === purpose));
  }

  /** Owners that have all of their node port's addresses; what this host lacks does not count. */
  reserved(): ReadonlySet<string> {
    const held = [...this.#listeners].filter(([, listeners]) => {
      const nodePorts = [...listeners.values()].filter(({ purpose }) => purpose === 'node-port');
      return nodePorts.some(({ state }) => state === 'open') && nodePorts.every((listener) => listener.state === 'open' || isMissingAddress(listener));
    });
    return new Set(held.map(([owner]) => owner));
  }
}

function newsOf(before: ListenerReport | undefined, now: ListenerReport): readonly ListenerNews[] {
  if (now.state === 'failed') return isMissingAddress(now) || (before?.state === 'failed' && before.code === now.code) ? [] : [{ type: 'failed', listener: now }];
  if (before?.state === 'failed' && !isMissingAddress(before) && now.state !== 'gone') return [{ type: 'recovered', listener: now }];
  return [];
}

/** A host without IPv6, or an address that its network card does not have yet. */
export function isMissingAddress({ state, code, purpose }: ListenerReport): boolean {
  return state === 'failed' && purpose === 'node-port' && (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT' || code === 'EINVAL');
}

// The node's Lease in kube-node-lease: its renewals tell that the kubelet lives, at less cost than the whole Node.
//
// Renewed when the engine is looked at anyway (every 20 s; kube: every 10) and good for 40: one small write, no timer.
import type { Lease, Node } from '../api/generated/types.ts';
import { LEASES } from '../api/kinds.ts';
import { isNotFound } from '../api/status-error.ts';
import { toMicroTime } from '../api/time.ts';
import type { Clock } from '../base/clock.ts';
import type { Client } from '../client/client.ts';

const NAMESPACE = 'kube-node-lease';
const DURATION_SECONDS = 40;
const RENEW_MS = 15_000;

export class NodeLease {
  readonly #client: Client;
  readonly #clock: Clock;
  #held: Lease | undefined;
  #renewedAt = -Infinity;

  constructor({ client, clock }: { readonly client: Client; readonly clock: Clock }) {
    this.#client = client;
    this.#clock = clock;
  }

  /** Rejects where it could not be renewed: the next call begins anew. */
  async renew({ metadata }: Node): Promise<void> {
    const now = this.#clock.now();
    if (now - this.#renewedAt < RENEW_MS) return;
    const { name = '', uid = '' } = metadata ?? {};
    const held = this.#held ?? (await this.#find(name));
    // What was changed behind our back is read again next time.
    this.#held = undefined;
    const owner = { apiVersion: 'v1', kind: 'Node', name, uid };
    const spec = { holderIdentity: name, leaseDurationSeconds: DURATION_SECONDS, renewTime: toMicroTime(now) };
    const identity = { name, namespace: NAMESPACE, ownerReferences: [owner] };
    this.#held =
      held === undefined
        ? await this.#client.create(LEASES, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: identity, spec })
        : await this.#client.update(LEASES, { ...held, metadata: { ...held.metadata, ...identity }, spec: { ...held.spec, ...spec } });
    this.#renewedAt = now;
  }

  async #find(name: string): Promise<Lease | undefined> {
    try {
      return await this.#client.get(LEASES, { namespace: NAMESPACE, name });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}

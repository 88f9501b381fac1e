// pure: Pods by namespace and label, so that a selector looks at those that it may mean, not at all.
import type { PolicyPeer } from '../../api/networkpolicy/policy-model.ts';
import type { PolicyPod } from '../../api/networkpolicy/policy-pod.ts';

export class PodIndex {
  readonly #all: readonly PolicyPod[];
  readonly #byNamespace: ReadonlyMap<string, readonly PolicyPod[]>;
  /** By "key=value". */
  readonly #byLabel: ReadonlyMap<string, readonly PolicyPod[]>;

  constructor(pods: readonly PolicyPod[]) {
    this.#all = pods;
    this.#byNamespace = Map.groupBy(pods, ({ namespace }) => namespace);
    this.#byLabel = indexByLabel(pods);
  }

  inNamespace(namespace: string): readonly PolicyPod[] {
    return this.#byNamespace.get(namespace) ?? [];
  }

  /** All that a peer of a policy of this namespace may mean, and perhaps more. `peer` undefined: everyone. */
  candidates({ namespace }: { readonly namespace: string }, peer: PolicyPeer | undefined): readonly PolicyPod[] {
    if (peer?.type !== 'pods') return this.#all;
    const needed = peer.pods.find(({ operator, values }) => operator === '=' || (operator === 'in' && values.length === 1));
    if (needed !== undefined) return this.#byLabel.get(`${needed.key}=${needed.values[0]}`) ?? [];
    return peer.namespaces === undefined ? this.inNamespace(namespace) : this.#all;
  }
}

function indexByLabel(pods: readonly PolicyPod[]): ReadonlyMap<string, readonly PolicyPod[]> {
  const index = new Map<string, PolicyPod[]>();
  for (const pod of pods) {
    for (const [key, value] of Object.entries(pod.labels)) {
      const label = `${key}=${value}`;
      const known = index.get(label);
      if (known === undefined) index.set(label, [pod]);
      else known.push(pod);
    }
  }
  return index;
}

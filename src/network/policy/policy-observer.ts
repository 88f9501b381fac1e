// Follows policies, namespaces and Pods, and says when something changed that policies are about. Without a policy it only
// keeps the book of addresses.
import { sameValue } from '../../api/equality.ts';
import type { Namespace, NetworkPolicy, Pod } from '../../api/generated/types.ts';
import { policyModel, type PolicyModel, type PolicyPeer } from '../../api/networkpolicy/policy-model.ts';
import { clusterDnsPod, isSelected, policyPod, type PolicyPod } from '../../api/networkpolicy/policy-pod.ts';
import { isPodPeer, type NamespaceLabels } from '../../api/networkpolicy/rule-match.ts';
import type { Informer, InformerChange } from '../../client/informer-contract.ts';
import { AddressBook } from './address-book.ts';
import type { PolicyFacts } from './plan-policies.ts';

export interface PolicyInformers {
  readonly policies: Informer<NetworkPolicy>;
  readonly namespaces: Informer<Namespace>;
  readonly pods: Informer<Pod>;
}

export interface PolicyObserverOptions {
  readonly informers: PolicyInformers;
  /** Where the cluster's DNS server listens; undefined: there is none. */
  readonly dnsIp?: string;
  readonly onChange: () => void;
}

export class PolicyObserver {
  readonly #options: PolicyObserverOptions;
  readonly #book = new AddressBook();
  readonly #policies = new Map<string, { readonly policy: NetworkPolicy; readonly model: PolicyModel; readonly peers: readonly PolicyPeer[] }>();
  readonly #unsubscribe: readonly (() => void)[];

  constructor(options: PolicyObserverOptions) {
    this.#options = options;
    const { policies, namespaces, pods } = options.informers;
    this.#unsubscribe = [policies.onChange((change) => this.#policyChanged(change)), namespaces.onChange((change) => this.#namespaceChanged(change)), pods.onChange((change) => this.#podChanged(change))];
    for (const pod of pods.list()) this.#noteAddress(pod);
    for (const policy of policies.list()) this.#policyChanged({ key: '', before: undefined, after: policy });
  }

  get policies(): readonly NetworkPolicy[] {
    return [...this.#policies.values()].map(({ policy }) => policy);
  }

  get hasPolicies(): boolean {
    return this.#policies.size > 0;
  }

  /** Whether a policy selects the Pod, or is about connections of others with it: its address must be known to the rules. */
  isConcerned(pod: Pod): boolean {
    const seen = this.#policies.size === 0 ? undefined : policyPod(pod);
    if (seen === undefined) return false;
    const namespaces = this.#namespaceLabels();
    return [...this.#policies.values()].some(({ model, peers }) => isSelected(model, seen) || peers.some((peer) => isPodPeer(peer, seen, { ownNamespace: model.namespace, namespaces })));
  }

  /** What is known of an address before the API tells of it. */
  noteAddress(pod: Pod, ip: string): void {
    this.#book.note(pod.metadata?.uid ?? '', ip);
  }

  facts(): PolicyFacts {
    const { informers, dnsIp } = this.#options;
    const pods = informers.pods.list().flatMap((pod): PolicyPod[] => {
      const seen = policyPod(pod);
      const ip = this.#book.addressOf(pod.metadata?.uid ?? '');
      return seen === undefined || ip === '' ? [] : [{ ...seen, ip }];
    });
    return {
      policies: [...this.#policies.values()].map(({ model }) => model),
      namespaces: this.#namespaceLabels(),
      pods: dnsIp === undefined ? pods : [...pods, clusterDnsPod(dnsIp)],
    };
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  #namespaceLabels(): NamespaceLabels {
    return new Map(this.#options.informers.namespaces.list().map(({ metadata }) => [metadata?.name ?? '', metadata?.labels ?? {}]));
  }

  #policyChanged({ key, before, after }: InformerChange<NetworkPolicy>): void {
    if (after === undefined) this.#policies.delete(key);
    else {
      const model = policyModel(after);
      this.#policies.set(model.key, { policy: after, model, peers: podPeers(model) });
    }
    if (!sameValue(before?.spec, after?.spec) || before?.metadata?.uid !== after?.metadata?.uid) this.#options.onChange();
  }

  #namespaceChanged({ before, after }: InformerChange<Namespace>): void {
    if (this.hasPolicies && !sameValue(before?.metadata?.labels, after?.metadata?.labels)) this.#options.onChange();
  }

  #podChanged({ before, after }: InformerChange<Pod>): void {
    if (before !== undefined && before.metadata?.uid !== after?.metadata?.uid) this.#book.forget(before.metadata?.uid ?? '');
    if (after !== undefined && (before?.metadata?.uid !== after.metadata?.uid || before?.status !== after.status)) this.#noteAddress(after, before);
    if (this.hasPolicies && !sameValue(before && policyPod(before), after && policyPod(after))) this.#options.onChange();
  }

  #noteAddress(pod: Pod, before?: Pod): void {
    const uid = pod.metadata?.uid ?? '';
    const seen = policyPod(pod);
    if (seen === undefined) this.#book.forget(uid);
    else if (seen.ip !== '' && seen.ip !== before?.status?.podIP) this.#book.note(uid, seen.ip);
  }
}

/** Those that are met by labels: ranges need nobody to know whose an address is. */
function podPeers({ ingress = [], egress = [] }: PolicyModel): readonly PolicyPeer[] {
  return [...ingress, ...egress].flatMap(({ peers }) => (peers === 'everyone' ? [] : peers.filter(({ type }) => type === 'pods')));
}

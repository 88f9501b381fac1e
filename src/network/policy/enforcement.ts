// pure: how far policies are enforced on this host, and the words for it.
import type { NetworkCapability } from '../../api/network/network-status.ts';

export type Enforcement =
  /** There is no policy yet, so nothing was tried. */
  | { readonly type: 'idle' }
  | { readonly type: 'on' }
  /** It worked, and does not just now: Pods that policies select do not start. */
  | ({ readonly type: 'failing' } & EnforcementProblem)
  /** It cannot be had on this host: Pods start, and policies do nothing. */
  | ({ readonly type: 'off' } & EnforcementProblem);

export interface EnforcementProblem {
  readonly why: string;
  /** What to do about it; '' where nothing can be done. */
  readonly remedy: string;
}

export function problemText({ why, remedy }: EnforcementProblem): string {
  return remedy === '' ? why : `${why}. To turn it on: ${remedy}`;
}

export function policyCapability(enforcement: Enforcement): NetworkCapability {
  const of = (state: NetworkCapability['state'], why: string, howToTurnOn = ''): NetworkCapability => ({ name: 'network policies', state, why, howToTurnOn });
  switch (enforcement.type) {
    case 'idle':
      return of('idle', 'there is no NetworkPolicy yet');
    case 'on':
      return of('on', "by the kernel's packet filter");
    case 'failing':
      return of('off', `${enforcement.why}; Pods that policies select do not start`, enforcement.remedy);
    case 'off':
      return of('off', enforcement.why, enforcement.remedy);
  }
}

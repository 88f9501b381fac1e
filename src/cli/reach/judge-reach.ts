// pure: whether one end may connect to another, and what policies say of each path between them.
import { judgeConnection, type Judgement, type Party, type PolicyWorld } from '../../api/networkpolicy/judge-connection.ts';
import { policyModel } from '../../api/networkpolicy/policy-model.ts';
import { destinationsOf, partyOf, type ReachFacts } from './reach-destinations.ts';
import type { ReachEnd, ReachTarget } from './reach-ends.ts';

/** One Pod, address or node that the connection may end at. */
export interface ReachPath {
  /** "pod default/web-1", "node", "192.0.2.7" */
  readonly to: string;
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
  /** The port of the Service that led here. */
  readonly servicePort?: number;
  readonly judgement: Judgement;
}

export interface Reach {
  /** All paths are allowed, and there is one. */
  readonly allowed: boolean;
  readonly paths: readonly ReachPath[];
  /** Why there is no path at all. */
  readonly nobody?: string;
}

export function judgeReach(facts: ReachFacts, from: ReachEnd, target: ReachTarget): Reach {
  const world: PolicyWorld = {
    policies: facts.policies.map(policyModel),
    namespaces: new Map(facts.namespaces.map(({ metadata }) => [metadata?.name ?? '', metadata?.labels ?? {}])),
  };
  const source = partyOf(facts, from);
  const { destinations, nobody } = destinationsOf(facts, target);
  const paths = destinations.map(({ party, ...rest }): ReachPath => ({ ...rest, to: partyText(party), judgement: judgeConnection(world, { from: source, to: party, protocol: rest.protocol, port: rest.port }) }));
  return { allowed: paths.length > 0 && paths.every(({ judgement }) => judgement.allowed), paths, ...(nobody === undefined ? {} : { nobody }) };
}

function partyText(party: Party): string {
  if (party.type === 'node') return 'node';
  return party.type === 'address' ? party.ip : `pod ${party.pod.namespace}/${party.pod.name}`;
}

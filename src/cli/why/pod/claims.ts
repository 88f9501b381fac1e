// pure: Pods without a node that wait for a claim: one that is not there, or one that has no volume.
import { fact, type Diagnosis } from '../diagnosis.ts';
import { eventEvidence } from '../evidence.ts';
import type { PodFacts } from '../facts.ts';
import { isOver } from './container-states.ts';

export function claimTrouble({ pod, events, claims }: PodFacts): Diagnosis | undefined {
  const first = claims.find(({ phase }) => phase === undefined) ?? claims[0];
  if (first === undefined || isOver(pod) || (pod.spec?.nodeName ?? '') !== '' || !isReason(pod)) return undefined;
  const { name, phase, told } = first;
  const pronoun = `pod/${pod.metadata?.name} waits for`;
  return {
    rule: 'claim',
    health: 'trouble',
    verdict: phase === undefined ? `${pronoun} persistentvolumeclaim "${name}", which is not there` : `${pronoun} a volume: persistentvolumeclaim "${name}" is ${phase}`,
    evidence: [...(told === undefined ? [] : [fact(`${told.reason}: ${(told.message ?? '').trim()}`)]), ...eventEvidence(events, /^FailedScheduling$/, 1)],
    suggestions: phase === undefined ? ['minik get pvc    # which claims there are'] : [`minik describe pvc ${name}`, 'minik get sc,pv'],
  };
}

/** A claim may wait for the Pod, which waits for something else. */
function isReason({ status }: PodFacts['pod']): boolean {
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  return scheduled?.status !== 'False' || /persistentvolumeclaim|persistent volumes to bind/i.test(scheduled.message ?? '');
}

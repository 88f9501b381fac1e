// pure: Pods that no node has been given yet: held by gates, left to another scheduler, or fitting nowhere.
import type { PodSpec } from '../../../api/generated/types.ts';
import { fact, type Diagnosis } from '../diagnosis.ts';
import { eventEvidence } from '../evidence.ts';
import type { PodFacts } from '../facts.ts';
import { isOver } from './container-states.ts';

const DEFAULT_SCHEDULER = 'default-scheduler';

export function schedulingGated({ pod }: PodFacts): Diagnosis | undefined {
  const gates = (pod.spec?.schedulingGates ?? []).map(({ name }) => name);
  if (gates.length === 0 || isOver(pod)) return undefined;
  const name = pod.metadata?.name ?? '';
  return {
    rule: 'scheduling-gates',
    health: 'waiting',
    verdict: `pod/${name} waits for its scheduling ${gates.length === 1 ? 'gate' : 'gates'} ${gates.join(', ')} to be taken away`,
    evidence: [fact('A Pod is not given to a node while spec.schedulingGates holds anything; whoever put a gate there takes it away.')],
    suggestions: [`minik patch pod ${name} --type=json -p '[{"op":"remove","path":"/spec/schedulingGates"}]'`],
  };
}

export function otherScheduler({ pod }: PodFacts): Diagnosis | undefined {
  const scheduler = pod.spec?.schedulerName ?? DEFAULT_SCHEDULER;
  if (scheduler === DEFAULT_SCHEDULER || (pod.spec?.nodeName ?? '') !== '' || isOver(pod)) return undefined;
  return {
    rule: 'other-scheduler',
    health: 'trouble',
    verdict: `pod/${pod.metadata?.name} waits for a scheduler called "${scheduler}", and nothing here goes by that name`,
    evidence: [fact(`Only Pods whose spec.schedulerName is "${DEFAULT_SCHEDULER}", or not set, are scheduled by minik.`)],
    suggestions: ['take spec.schedulerName out of the Pod, or out of the template of its Job'],
  };
}

export function unschedulable({ pod, events }: PodFacts): Diagnosis | undefined {
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable' || isOver(pod)) return undefined;
  const message = scheduled.message ?? '';
  const told = eventEvidence(events, /^FailedScheduling$/, 1);
  return {
    rule: 'unschedulable',
    health: 'trouble',
    verdict: `pod/${pod.metadata?.name} fits no node: ${cause(message)}`,
    evidence: [...(told.length > 0 ? told : [fact(message)]), ...wishes(pod.spec)],
    suggestions: suggestions(message, pod.spec),
  };
}

/** "0/1 nodes are available: 1 node(s) didn't match ...": what stands between the count and the preemption. */
function cause(message: string): string {
  return (/nodes are available: (.*?)\.?(?: preemption:.*)?$/s.exec(message)?.[1] ?? message).replace(/^(\d+) node\(s\) /, '$1 node(s) ');
}

function wishes(spec: PodSpec | undefined): Diagnosis['evidence'] {
  const selector = Object.entries(spec?.nodeSelector ?? {}).map(([name, value]) => `${name}=${value}`);
  return selector.length === 0 ? [] : [fact(`its nodeSelector asks for ${selector.join(', ')}`)];
}

function suggestions(message: string, spec: PodSpec | undefined): string[] {
  const [label] = Object.entries(spec?.nodeSelector ?? {});
  if (/affinity\/selector/.test(message)) {
    return [label === undefined ? 'loosen spec.affinity.nodeAffinity' : `minik label node --all ${label[0]}=${label[1]}`, 'minik describe node'];
  }
  if (/taint/.test(message)) return ['give the Pod a toleration for that taint, or take the taint off the node: minik describe node'];
  if (/Insufficient/.test(message)) return ['ask for less in resources.requests, or let fewer Pods run at once: minik describe node'];
  if (/unschedulable/.test(message)) return [`minik patch node NODE -p '{"spec":{"unschedulable":false}}'`];
  return ['minik describe node'];
}

// pure: Pods that wait for a ConfigMap, a Secret, a key or a volume, and containers that the runtime refuses to make.
import { fact, type Diagnosis, type Evidence } from '../diagnosis.ts';
import { eventEvidence, eventsWith } from '../evidence.ts';
import type { NeededConfig, PodFacts } from '../facts.ts';
import { isOver, waitingFor } from './container-states.ts';

export function configError({ pod, needs, events }: PodFacts): Diagnosis | undefined {
  const waiting = waitingFor(pod, /^CreateContainerConfigError$/);
  if (waiting === undefined) return undefined;
  const missing = needs.filter(({ state }) => state !== 'there');
  return {
    rule: 'config',
    health: 'trouble',
    verdict: `pod/${pod.metadata?.name} cannot start: ${waiting.message === '' ? 'its configuration is not complete' : waiting.message}`,
    evidence: [...needFacts(needs, waiting.message), ...(waiting.message === '' ? eventEvidence(events, /^Failed$/, 1) : [])],
    suggestions: missing.length > 0 ? creations(missing, pod.metadata?.namespace) : [`minik describe pod ${pod.metadata?.name}`],
  };
}

export function mountTrouble({ pod, needs, events }: PodFacts): Diagnosis | undefined {
  if (isOver(pod) || waitingFor(pod, /^(ContainerCreating|PodInitializing)$/) === undefined) return undefined;
  const failed = eventsWith(events, /^(FailedMount|FailedAttachVolume|FailedMapVolume)$/).at(-1);
  const waits = eventsWith(events, /^(Started|Created)$/).at(-1);
  if (failed === undefined || waits !== undefined) return undefined;
  const missing = needs.filter(({ state }) => state !== 'there');
  const message = (failed.message ?? '').trim();
  return {
    rule: 'mount',
    health: 'trouble',
    verdict: `pod/${pod.metadata?.name} cannot start: ${volumeProblem(message)}`,
    evidence: [...eventEvidence(events, /^(FailedMount|FailedAttachVolume|FailedMapVolume)$/, 1), ...needFacts(needs, message)],
    suggestions: missing.length > 0 ? creations(missing, pod.metadata?.namespace) : [`minik describe pod ${pod.metadata?.name}`],
  };
}

export function creationError({ pod, events }: PodFacts): Diagnosis | undefined {
  const waiting = waitingFor(pod, /^(CreateContainerError|RunContainerError|CreatePodSandboxError|StartError)$/);
  const sandbox = eventsWith(events, /^FailedCreatePodSandBox$/).at(-1);
  const isStarting = waitingFor(pod, /^(ContainerCreating|PodInitializing)$/) !== undefined;
  if (waiting === undefined && (sandbox === undefined || !isStarting)) return undefined;
  const message = waiting?.message || (sandbox?.message ?? '').trim();
  return {
    rule: 'creation',
    health: 'trouble',
    verdict: `pod/${pod.metadata?.name} cannot start: Docker refuses to make ${waiting === undefined ? 'its sandbox' : `its container ${waiting.name}`}`,
    evidence: [fact(message)],
    suggestions: [`minik describe pod ${pod.metadata?.name}`, 'minik status    # what is said of Docker'],
  };
}

/** "MountVolume.SetUp failed for volume "v" : configmap "later" not found". */
function volumeProblem(message: string): string {
  const match = /for volume "([^"]+)" ?: (.*)$/s.exec(message);
  return match === null ? message : `its volume ${match[1]} cannot be mounted: ${match[2]}`;
}

function needFacts(needs: readonly NeededConfig[], message: string): Evidence[] {
  const missing = needs.filter(({ state }) => state !== 'there');
  if (missing.length > 0) return missing.map((need) => fact(`${described(need)} is asked for by ${need.usedBy}, and is not there now`));
  const told = needs.filter(({ name }) => message.includes(`"${name}"`) || message.includes(`/${name}`));
  return told.map((need) => fact(`${described(need)} is there now: the next try should find it`));
}

function described({ kind, name, key, state }: NeededConfig): string {
  if (key === undefined || state === 'no-object') return `${kind} "${name}"`;
  return `key "${key}" of ${kind} "${name}"`;
}

/** The commands that make what is missing, one an object. */
function creations(missing: readonly NeededConfig[], namespace = 'default'): string[] {
  const scope = namespace === 'default' ? '' : ` -n ${namespace}`;
  const objects = [...new Map(missing.map((need) => [`${need.kind}/${need.name}`, need])).values()];
  return objects.map((need) => {
    const kind = need.kind === 'ConfigMap' ? 'configmap' : 'secret';
    const keys = missing.filter((other) => other.kind === need.kind && other.name === need.name).flatMap(({ key }) => (key === undefined ? [] : [key]));
    if (need.state === 'no-key') return `minik edit ${kind} ${need.name}${scope}    # add ${[...new Set(keys)].join(', ')}`;
    const literals = [...new Set(keys.length > 0 ? keys : ['KEY'])].map((key) => ` --from-literal=${key}=VALUE`).join('');
    return `minik create ${kind === 'secret' ? 'secret generic' : kind} ${need.name}${scope}${literals}`;
  });
}

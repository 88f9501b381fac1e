// pure: Pods that run, or are about to: initializing, kept alive by one container, not ready, running, starting.
import { ageText, humanDuration } from '../../../api/duration-text.ts';
import { fromTime } from '../../../api/time.ts';
import { fact, type Diagnosis } from '../diagnosis.ts';
import { eventEvidence, eventsWith, timeOfEvent } from '../evidence.ts';
import type { PodFacts } from '../facts.ts';
import { containersOf, imageOf, type SeenContainer } from './container-states.ts';

const isRunning = ({ status }: SeenContainer): boolean => status?.state?.running !== undefined;
const isDone = ({ status }: SeenContainer): boolean => status?.state?.terminated !== undefined;

export function keptAlive({ pod, now }: PodFacts): Diagnosis | undefined {
  const apps = containersOf(pod).filter(({ role }) => role === 'app');
  const done = apps.filter(isDone);
  const alive = apps.filter(isRunning);
  const jobOwned = pod.metadata?.ownerReferences?.some(({ kind }) => kind === 'Job') === true;
  if (done.length === 0 || alive.length === 0 || !(jobOwned || pod.spec?.restartPolicy !== 'Always')) return undefined;
  const codes = done.map(({ name, status }) => `${name} exited with ${status?.state?.terminated?.exitCode}`).join(', ');
  const names = alive.map(({ name }) => name).join(', ');
  return {
    rule: 'kept-alive',
    health: 'trouble',
    verdict: `pod/${pod.metadata?.name} is not over: ${codes}, but ${names} still ${alive.length === 1 ? 'runs' : 'run'}`,
    evidence: [
      ...done.map(({ name, status }) => fact(`${name} ended ${ageText(status?.state?.terminated?.finishedAt, now)} ago`)),
      fact('A Pod ends when all of its containers have ended; only sidecars are stopped for it.'),
    ],
    suggestions: [
      `if ${names} only serves the other, make it a sidecar: move it to initContainers and give it restartPolicy: Always`,
      'or let it end by itself when the work is done',
    ],
  };
}

export function initializing({ pod, now }: PodFacts): Diagnosis | undefined {
  const inits = containersOf(pod).filter(({ role }) => role === 'init');
  const at = inits.findIndex(({ status }) => status?.state?.terminated?.exitCode !== 0);
  const current = inits[at];
  if (current === undefined || !isRunning(current)) return undefined;
  return {
    rule: 'initializing',
    health: 'healthy',
    verdict: `pod/${pod.metadata?.name} is initializing: init container ${current.name} (${at + 1} of ${inits.length}) has run for ${ageText(current.status?.state?.running?.startedAt, now)}`,
    evidence: [fact('The containers of the Pod start when its init containers have succeeded, one after the other.')],
    suggestions: [`minik logs ${pod.metadata?.name} -c ${current.name} -f`],
  };
}

export function notReady({ pod, events, now }: PodFacts): Diagnosis | undefined {
  const failing = eventsWith(events, /^Unhealthy$/).at(-1);
  const seen = failing === undefined ? undefined : fromTime(timeOfEvent(failing));
  const unready = containersOf(pod).filter((container) => isRunning(container) && container.status?.ready === false);
  if (pod.status?.phase !== 'Running' || failing === undefined || seen === undefined || unready.length === 0) return undefined;
  return {
    rule: 'not-ready',
    health: 'trouble',
    verdict: `pod/${pod.metadata?.name} runs but is not ready: ${(failing.message ?? '').trim().split('\n')[0]} (${humanDuration(now - seen)} ago)`,
    evidence: eventEvidence(events, /^Unhealthy$/, 2),
    suggestions: ['a Job does not ask whether its Pods are ready; a Service does', `minik logs ${pod.metadata?.name} -c ${unready[0]!.name}`],
  };
}

export function podRunning({ pod, runs, now }: PodFacts): Diagnosis | undefined {
  const alive = containersOf(pod).filter((container) => isRunning(container));
  if (pod.status?.phase !== 'Running' || alive.length === 0) return undefined;
  const since = alive.find(({ role }) => role === 'app') ?? alive[0]!;
  const restarts = runs.filter(({ role, restart, exitCode }) => role === 'app' && restart > 0 && exitCode === undefined).length;
  return {
    rule: 'running',
    health: 'healthy',
    verdict: `pod/${pod.metadata?.name} is running: ${since.name} for ${ageText(since.status?.state?.running?.startedAt, now)}`,
    evidence: restarts === 0 ? [] : [fact(`restarted ${since.status?.restartCount} times before`)],
    suggestions: [`minik logs ${pod.metadata?.name} -f`],
  };
}

export function podStarting({ pod, events, now }: PodFacts): Diagnosis {
  const name = pod.metadata?.name;
  const age = ageText(pod.metadata?.creationTimestamp, now);
  const pulling = eventsWith(events, /^(Pulling|Pulled)$/).at(-1);
  const starting = { rule: 'starting', health: 'healthy', evidence: [], suggestions: [`minik get pod ${name} -w`] } as const;
  if ((pod.spec?.nodeName ?? '') === '') return { ...starting, verdict: `pod/${name} was created ${age} ago and waits to be scheduled` };
  if (pulling?.reason === 'Pulling') {
    const image = /"([^"]+)"/.exec(pulling.message ?? '')?.[1] ?? imageOf(pod, containersOf(pod)[0]?.name ?? '');
    return { ...starting, rule: 'pulling', verdict: `pod/${name} is starting: its image ${image} has been pulled for ${ageText(timeOfEvent(pulling), now)}` };
  }
  return { ...starting, verdict: `pod/${name} was created ${age} ago and is starting` };
}

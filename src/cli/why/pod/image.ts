// pure: Pods whose image cannot be had.
import { backoffDelayMs, IMAGE_PULL } from '../../../base/backoff.ts';
import { humanDuration } from '../../../api/duration-text.ts';
import { fromTime } from '../../../api/time.ts';
import { fact, type Diagnosis } from '../diagnosis.ts';
import { eventEvidence, eventsWith, timeOfEvent } from '../evidence.ts';
import type { PodFacts } from '../facts.ts';
import { imageOf, waitingFor } from './container-states.ts';

const REASONS = /^(ErrImagePull|ImagePullBackOff|ErrImageNeverPull|InvalidImageName|ImageInspectError|RegistryUnavailable)$/;

export function imageTrouble({ pod, events, now }: PodFacts): Diagnosis | undefined {
  const waiting = waitingFor(pod, REASONS);
  if (waiting === undefined) return undefined;
  const image = imageOf(pod, waiting.name);
  const message = waiting.message.replace(/^Back-off pulling image "[^"]*": ?/, '').replace(/^ErrImagePull: /, '');
  const next = nextPull(events, now);
  return {
    rule: 'image',
    health: 'trouble',
    verdict: `pod/${pod.metadata?.name} cannot start: its image ${image} ${problem(waiting.reason, message)}`,
    evidence: [
      ...(message === '' ? [] : [fact(message)]),
      ...eventEvidence(events, /^(ErrImageNeverPull|InspectFailed)$/, 1),
      ...(next === undefined || !/^(ErrImagePull|ImagePullBackOff)$/.test(waiting.reason) ? [] : [fact(next)]),
    ],
    suggestions: suggestions(waiting.reason, { image, message }),
  };
}

function problem(reason: string, message: string): string {
  if (reason === 'InvalidImageName') return 'is not a proper image name';
  if (reason === 'ErrImageNeverPull') return 'is not on this machine, and imagePullPolicy is Never';
  if (/not found|manifest unknown|does not exist/i.test(message)) return 'is not in its registry';
  if (/unauthorized|denied|authentication/i.test(message)) return 'may not be pulled without logging in';
  if (/no such host|dial tcp|timeout|refused|unreachable|lookup/i.test(message)) return 'cannot be pulled: its registry does not answer';
  return 'cannot be pulled';
}

function suggestions(reason: string, { image, message }: { readonly image: string; readonly message: string }): string[] {
  if (reason === 'InvalidImageName') return ['correct the name: lower case, as in registry/team/app:1.2'];
  const here = `docker images ${image.replace(/:[^:/]*$/, '')}    # what this machine has of it`;
  const build = `docker build -t ${image} .    # an image built here is used at once, nothing is pushed`;
  if (reason === 'ErrImageNeverPull') return [build, 'or set imagePullPolicy: IfNotPresent', here];
  if (/unauthorized|denied|authentication/i.test(message)) {
    return ['docker login, then minik create secret docker-registry NAME ..., and name it in spec.imagePullSecrets', here];
  }
  return [here, build, `docker pull ${image}    # what Docker itself says`];
}

/** Pulls are tried again like restarts: 10 s, doubled, at most 5 minutes. */
function nextPull(events: PodFacts['events'], now: number): string | undefined {
  const failed = eventsWith(events, /^Failed$/).filter(({ message = '' }) => message.startsWith('Failed to pull image'));
  const latest = failed.at(-1);
  const at = latest === undefined ? undefined : fromTime(timeOfEvent(latest));
  if (latest === undefined || at === undefined) return undefined;
  const tries = failed.reduce((sum, { series, count }) => sum + (series?.count ?? count ?? 1), 0);
  const dueAt = at + backoffDelayMs(tries, IMAGE_PULL.baseMs, IMAGE_PULL.capMs);
  const when = dueAt > now ? `the next try is in about ${humanDuration(dueAt - now)}` : 'it is being tried again';
  return `tried ${tries} ${tries === 1 ? 'time' : 'times'}; ${when}`;
}

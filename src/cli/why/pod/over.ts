// pure: Pods that have ended, well or badly, and Pods that are being deleted.
import { humanDuration } from '../../../api/duration-text.ts';
import { fromTime } from '../../../api/time.ts';
import { hasEnded, hasFailed, type ContainerRun } from '../../runs/container-run.ts';
import { fact, type Diagnosis } from '../diagnosis.ts';
import { attemptEvidence, eventEvidence, logEvidence } from '../evidence.ts';
import type { PodFacts } from '../facts.ts';
import { howItEnded } from '../how-it-ended.ts';
import { isOver } from './container-states.ts';

export function podSucceeded({ pod, runs }: PodFacts): Diagnosis | undefined {
  if (pod.status?.phase !== 'Succeeded') return undefined;
  const failed = runs.filter((run) => hasFailed(run) && run.role !== 'sidecar');
  const after = failed.length === 0 ? '' : `, after ${failed.length} failed ${failed.length === 1 ? 'start' : 'starts'}`;
  return {
    rule: 'succeeded',
    health: 'complete',
    verdict: `pod/${pod.metadata?.name} is done: its containers exited with 0${after}`,
    evidence: failed.length === 0 ? [] : attemptEvidence(runs),
    suggestions: [`minik logs ${pod.metadata?.name}`],
  };
}

/** The run that made the Pod fail: the last failed one of an app or init container, sidecars only when nobody else did. */
export function failedRunOf(runs: readonly ContainerRun[]): ContainerRun | undefined {
  const failed = runs.filter(hasFailed);
  const own = failed.filter(({ role, reason }) => role !== 'sidecar' && reason !== 'ContainerStatusUnknown');
  return own.at(-1) ?? failed.filter(({ role }) => role !== 'sidecar').at(-1) ?? failed.at(-1);
}

export function podFailed({ pod, runs, events, logs }: PodFacts): Diagnosis | undefined {
  if (pod.status?.phase !== 'Failed') return undefined;
  const run = failedRunOf(runs);
  const ending = run === undefined ? undefined : howItEnded(run, { pod, events });
  const { reason = '', message = '' } = pod.status;
  const cause = reason === '' ? undefined : podReason(reason, { message: message.trim(), deadline: pod.spec?.activeDeadlineSeconds });
  const which = run === undefined ? '' : run.role === 'init' ? `init container ${run.container} ` : (pod.spec?.containers ?? []).length > 1 ? `container ${run.container} ` : 'its container ';
  return {
    rule: cause === undefined ? 'exit' : 'failed',
    health: 'trouble',
    verdict: `pod/${pod.metadata?.name} failed: ${cause ?? (ending === undefined ? message || 'nobody said why' : `${which}${ending.phrase}`)}`,
    evidence: [
      ...logEvidence(logs, run),
      ...attemptEvidence(runs),
      ...(cause !== undefined && message !== '' ? [fact(`${reason}: ${message}`)] : []),
      // Who sent the signal is known then.
      ...(reason === 'Evicted' ? [] : (ending?.facts ?? []).map(fact)),
    ],
    suggestions: [...(cause === undefined ? (ending?.suggestions ?? []) : adviceOn(reason, message)), `minik logs ${pod.metadata?.name}${which.includes('container ') && run !== undefined ? ` -c ${run.container}` : ''}`],
  };
}

function adviceOn(reason: string, message: string): string[] {
  if (reason === 'DeadlineExceeded') return ['raise activeDeadlineSeconds, or make the work shorter'];
  return reason === 'Evicted' && message.startsWith('Usage of EmptyDir volume') ? ['raise sizeLimit of that volume, or write less to it'] : [];
}

function podReason(reason: string, { message, deadline }: { readonly message: string; readonly deadline: number | undefined }): string {
  if (reason === 'DeadlineExceeded') return `it was still active after its activeDeadlineSeconds${deadline === undefined ? '' : ` of ${deadline}`}`;
  if (reason === 'Evicted') return `it was evicted from its node${message === '' ? '' : `: ${message.replace(/\.$/, '')}`}`;
  return `the kubelet gave it up (${reason})`;
}

export function podDeleting({ pod, events, now }: PodFacts): Diagnosis | undefined {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [], name } = pod.metadata ?? {};
  if (deletionTimestamp === undefined) return undefined;
  const graceEnds = fromTime(deletionTimestamp) ?? now;
  const running = (pod.status?.containerStatuses ?? []).filter(({ state }) => state?.running !== undefined).map((status) => status.name);
  if (running.length > 0 && !isOver(pod)) {
    const left = graceEnds - now;
    return {
      rule: 'terminating',
      health: 'waiting',
      verdict: `pod/${name} is being deleted: ${running.join(', ')} has been asked to end${left > 0 ? ` and is killed in ${humanDuration(left + 999)}` : ''}`,
      evidence: [fact(`its grace period is ${deletionGracePeriodSeconds}s; a program that ends on SIGTERM is gone at once`), ...eventEvidence(events, /^Killing$/, 2)],
      suggestions: ['let the program handle SIGTERM; a shell as process 1 does not pass it on: use "exec" for the last command'],
    };
  }
  if (finalizers.length === 0) return { rule: 'terminating', health: 'waiting', verdict: `pod/${name} is being deleted: its containers have ended and are removed now`, evidence: [], suggestions: [] };
  return heldByFinalizers(`pod/${name}`, finalizers, humanDuration(Math.max(now - graceEnds + deletionGracePeriodSeconds * 1_000, 0)));
}

export function heldByFinalizers(subject: string, finalizers: readonly string[], since: string): Diagnosis {
  const [kind = '', name = ''] = subject.split('/');
  const own = finalizers.filter((finalizer) => /^(batch\.kubernetes\.io\/job-tracking|foregroundDeletion|orphan)$/.test(finalizer));
  const foreign = finalizers.filter((finalizer) => !own.includes(finalizer));
  const meaning: Readonly<Record<string, string>> = {
    'batch.kubernetes.io/job-tracking': 'its Job has not counted it yet',
    foregroundDeletion: 'what it owns is deleted first',
    orphan: 'what it owns is let go first',
  };
  return {
    rule: 'finalizers',
    health: foreign.length > 0 ? 'trouble' : 'waiting',
    verdict: `${subject} was deleted ${since} ago and is held by ${finalizers.length === 1 ? 'its finalizer' : 'its finalizers'} ${finalizers.join(', ')}`,
    evidence: [
      ...own.map((finalizer) => fact(`${finalizer}: ${meaning[finalizer]}; minik takes it away by itself`)),
      ...foreign.map((finalizer) => fact(`${finalizer} is none of minik's: whoever put it there is to take it away`)),
    ],
    suggestions: foreign.length === 0 ? [] : [`minik patch ${kind} ${name} --type=merge -p '{"metadata":{"finalizers":null}}'    # if nobody will`],
  };
}

/** For Pods that only the archive still knows. */
export function lastFailure(runs: readonly ContainerRun[]): ContainerRun | undefined {
  return failedRunOf(runs.filter(hasEnded));
}

// pure: the rehearsal of one Job as text: every step with the time since the beginning, the bars of its Pods, and its end.
import { spanText } from '../span-text.ts';
import type { Occurrence, Rehearsal, Run } from '../story.ts';
import { cutInTheMiddle } from './cut-lines.ts';
import { localTime } from './local-time.ts';
import { podBars } from './pod-bars.ts';
import { settingText, type Setting } from './setting.ts';

export function jobReport(rehearsal: Rehearsal, { setting, all }: { readonly setting: Setting; readonly all: boolean }): string {
  const { from, occurrences, runs } = rehearsal;
  const { subject, zone } = setting;
  const steps = occurrences.map((occurrence) => stepLine(occurrence, from));
  const bars = podBars(rehearsal);
  return [
    `Job ${subject.namespace}/${subject.name}, created at ${localTime(zone, from)}. Nothing is really run.`,
    settingText(setting),
    '',
    ...(all ? steps : cutInTheMiddle(steps, 'steps')),
    ...(bars.length === 0 ? [] : ['', ...bars]),
    '',
    endText(runs[0]!, rehearsal, setting),
    '',
  ].join('\n');
}

function stepLine({ at, kind, name, type, reason, message }: Occurrence, from: number): string {
  return `${`+${spanText(at - from)}`.padEnd(10)} ${type === 'Warning' ? '!' : ' '} ${kind} ${name}  ${reason}: ${message}`;
}

function endText(run: Run, { from, until }: Rehearsal, { zone }: Setting): string {
  const after = (at: number): string => `after ${spanText(at - from)}, at ${localTime(zone, at)}`;
  const restarts = run.restarts === 0 ? '' : `, ${count(run.restarts, 'restart')}`;
  const wait = run.longestWaitMs === 0 ? '' : `; the longest back-off was ${spanText(run.longestWaitMs)}`;
  const tally = `${count(run.pods, 'pod')} (${run.failedPods} failed${restarts})${wait}`;
  switch (run.outcome) {
    case 'complete':
      return `The Job completes ${after(run.endedAt!)}: ${tally}.`;
    case 'failed':
      return `The Job fails for good ${after(run.endedAt!)} (${run.reason}): ${tally}.`;
    default:
      return run.pods === 0 ? `The Job starts no pod, and would not end by itself.` : `The Job has not ended after ${spanText(until - from)}: ${tally}.`;
  }
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

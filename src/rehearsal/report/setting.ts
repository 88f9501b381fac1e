// pure: what a rehearsal was made with, as its reports say it.
import type { RunLength } from '../run-length.ts';
import { spanText } from '../span-text.ts';
import type { Offsets } from './local-time.ts';

export interface Setting {
  readonly subject: { readonly kind: 'CronJob' | 'Job'; readonly namespace: string; readonly name: string };
  readonly zone: Offsets & { readonly name: string };
  readonly length: RunLength;
  /** Where the length comes from: "the default", "--duration", "12 earlier runs". */
  readonly lengthFrom: string;
  readonly startMs: number;
  readonly stopMs: number;
  readonly failRate: number;
  readonly exitCode: number;
  readonly seed: number;
}

export function lengthText(length: RunLength): string {
  switch (length.type) {
    case 'fixed':
      return spanText(length.ms);
    case 'between':
      return `${spanText(length.leastMs)} to ${spanText(length.mostMs)}`;
    case 'like': {
      const sorted = [...length.samples].sort((a, b) => a - b);
      return `${spanText(sorted[0]!)} to ${spanText(sorted.at(-1)!)} (mostly ${spanText(sorted[sorted.length >> 1]!)})`;
    }
  }
}

/** Two sentences: how Pods run, and how they fail. */
export function settingText({ length, lengthFrom, startMs, stopMs, failRate, exitCode, seed }: Setting): string {
  const chance = length.type === 'fixed' ? '' : `; seed ${seed}`;
  const runs = `Pods start within ${spanText(startMs)}, run for ${lengthText(length)} (${lengthFrom}) and stop within ${spanText(stopMs)}`;
  if (failRate === 0) return `${runs}; all succeed${chance}.`;
  return `${runs}; ${Number((failRate * 100).toFixed(2))}% of attempts fail, with exit code ${exitCode}; seed ${seed}.`;
}

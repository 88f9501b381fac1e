// pure: what "minik why" answers: one verdict, what it rests on, what to try. Rules make it, printers show it.
import type { ContainerRun } from '../runs/container-run.ts';

/** 'waiting' is no trouble yet: it will go on by itself, or when somebody asks it to. */
export type Health = 'complete' | 'healthy' | 'waiting' | 'trouble';

export interface Diagnosis {
  /** The rule that spoke: stable, for scripts. */
  readonly rule: string;
  readonly health: Health;
  /** One line that starts with the object: "job/pi failed: ...". */
  readonly verdict: string;
  readonly evidence: readonly Evidence[];
  /** Commands, or sentences, best first. */
  readonly suggestions: readonly string[];
}

export type Evidence =
  | { readonly type: 'fact'; readonly text: string }
  | { readonly type: 'event'; readonly about: string; readonly reason: string; readonly message: string; readonly count: number; readonly lastSeen?: string }
  | { readonly type: 'attempts'; readonly title: string; readonly attempts: readonly AttemptLine[] }
  | { readonly type: 'jobs'; readonly title: string; readonly jobs: readonly JobLine[] }
  | { readonly type: 'log'; readonly title: string; readonly lines: readonly string[]; readonly isArchived: boolean };

export interface AttemptLine {
  readonly run: ContainerRun;
  /** Milliseconds that passed between the end of the one before and this start. */
  readonly waitedMs?: number;
}

export interface JobLine {
  readonly name: string;
  /** "complete", "failed: BackoffLimitExceeded", "running". */
  readonly state: string;
  readonly startedAt?: string;
  readonly tookMs?: number;
}

/** Undefined: not what this rule is about. */
export type Rule<Facts> = (facts: Facts) => Diagnosis | undefined;

/** The first rule that knows an answer. */
export function firstAnswer<Facts>(rules: readonly Rule<Facts>[], facts: Facts): Diagnosis | undefined {
  for (const rule of rules) {
    const answer = rule(facts);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

export function fact(text: string): Evidence {
  return { type: 'fact', text };
}

// pure: everything that a rule may look at. Gatherers fill these, so that rules need nothing but them.
import type { CoreEvent, Job, Pod } from '../../api/generated/types.ts';
import type { ContainerRun } from '../runs/container-run.ts';

export interface LogTail {
  readonly lines: readonly string[];
  readonly isArchived: boolean;
}

/** By runKey; only runs that are worth quoting have one. */
export type LogTails = ReadonlyMap<string, LogTail>;

/** A ConfigMap or Secret, or a key of one, that a Pod needs to start. */
export interface NeededConfig {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  /** Absent: the whole object. */
  readonly key?: string;
  /** What needs it: "env MODE of container main", "volume settings". */
  readonly usedBy: string;
  /** As of now. */
  readonly state: 'there' | 'no-object' | 'no-key';
}

/** A claim of a Pod that has not started, and that is not bound. */
export interface NeededClaim {
  readonly name: string;
  /** Absent: there is no such claim. */
  readonly phase?: string;
  /** Its newest event. */
  readonly told?: CoreEvent;
}

export interface PodFacts {
  readonly now: number;
  readonly namespace: string;
  readonly pod: Pod;
  readonly events: readonly CoreEvent[];
  /** Of this Pod, oldest first. */
  readonly runs: readonly ContainerRun[];
  readonly logs: LogTails;
  readonly needs: readonly NeededConfig[];
  readonly claims: readonly NeededClaim[];
}

export interface JobFacts {
  readonly now: number;
  readonly namespace: string;
  readonly name: string;
  /** Absent: deleted, or never there. */
  readonly job: Job | undefined;
  /** About the Job itself. */
  readonly events: readonly CoreEvent[];
  readonly pods: readonly PodFacts[];
  /** About its Pods, by their uid; those that are gone included. */
  readonly podEvents: ReadonlyMap<string, readonly CoreEvent[]>;
  /** Of all its Pods, those that are gone included, oldest first. */
  readonly runs: readonly ContainerRun[];
  readonly logs: LogTails;
}

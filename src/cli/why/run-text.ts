// pure: a run's end in a word or two, for tables and timelines.
import type { ContainerRun } from '../runs/container-run.ts';
import { signalOfExitCode } from './signal-name.ts';

/** "exit 3", "exit 0", "OOMKilled", "SIGKILL", "running". */
export function runEndText({ exitCode, reason }: Pick<ContainerRun, 'exitCode' | 'reason'>): string {
  if (exitCode === undefined) return 'running';
  if (exitCode === 0) return 'exit 0';
  if (reason === 'ContainerStatusUnknown') return 'lost';
  if (reason !== '' && reason !== 'Error') return reason;
  return signalOfExitCode(exitCode) ?? `exit ${exitCode}`;
}

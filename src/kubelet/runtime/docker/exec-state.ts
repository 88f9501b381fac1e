// What the engine says of a command that it executes or has executed.
import type { EngineContext } from './containers.ts';
import { translated } from './engine-errors.ts';
import { asNumber, asRecord } from './json-fields.ts';

export interface ExecState {
  readonly isRunning: boolean;
  /** Absent before the end. */
  readonly exitCode?: number;
  /** On the engine's machine; 0 before the start, and for ever when that failed. */
  readonly pid: number;
}

/** Rejects with NotFound when its container has been removed. */
export async function inspectExec(context: EngineContext, id: string): Promise<ExecState> {
  const call = { method: 'GET', path: `/exec/${id}/json` } as const;
  const state = asRecord(await translated(() => context.client.json(call)));
  const exitCode = state['ExitCode'];
  return { isRunning: state['Running'] === true, pid: asNumber(state['Pid']), ...(typeof exitCode === 'number' && { exitCode }) };
}

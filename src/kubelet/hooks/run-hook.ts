// Runs a lifecycle hook of a container to its end.
import type { Container, LifecycleHandler } from '../../api/generated/types.ts';
import { sleep } from '../../base/clock.ts';
import { podFacts, type ActionScope } from '../action-scope.ts';
import { execCommand } from '../exec-command.ts';
import { httpGet } from '../probes/http-get.ts';
import { HOOK_AGENT } from '../probes/probe-agent.ts';
import { LONGEST_OUTPUT } from '../probes/probe-answer.ts';
import { httpTarget, resolvePort } from '../probes/probe-target.ts';

export interface HookRun {
  /** The container's, which runs. */
  readonly id: string;
  readonly container: Container;
  readonly handler: LifecycleHandler;
  readonly signal: AbortSignal;
}

/** Rejects when the hook fails; any answer to an HTTP hook will do. */
export async function runHook(scope: ActionScope, { id, container, handler, signal }: HookRun): Promise<void> {
  const { exec, httpGet: action, sleep: pause } = handler;
  const { clock, runtime } = scope.context;
  if (pause !== undefined) return sleep(clock, pause.seconds * 1_000, signal);
  if (exec !== undefined) {
    const { exitCode, output } = await execCommand(runtime, id, { command: exec.command ?? [], longestOutput: LONGEST_OUTPUT, signal });
    signal.throwIfAborted();
    if (exitCode !== 0) throw new Error(`command '${(exec.command ?? []).join(' ')}' exited with ${exitCode}: ${output}`);
    return;
  }
  if (action === undefined) throw new Error('invalid handler: expected exec, httpGet or sleep');
  const resolved = resolvePort(action.port, container);
  if (!resolved.ok) throw new Error(resolved.problem);
  await httpGet(httpTarget(action, action.host || podFacts(scope).podIp, resolved.port), { action, agent: HOOK_AGENT, signal });
}

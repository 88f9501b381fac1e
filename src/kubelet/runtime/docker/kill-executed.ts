// Kills what was executed in a container. The engine has no call for it, so the signal goes to the process itself: by this
// machine's process table when it is there, else by a second command in the container.
import { readFile } from 'node:fs/promises';
import { sleep } from '../../../base/clock.ts';
import { RuntimeError } from '../container-runtime.ts';
import type { EngineContext } from './containers.ts';
import { translated } from './engine-errors.ts';
import { inspectExec } from './exec-state.ts';
import { asRecord, asText } from './json-fields.ts';

const START_WAIT_MS = 20;
const START_TRIES = 100;

/** A command that the engine is still starting is waited for, two seconds at most. */
export async function killExecuted(context: EngineContext, { id, container }: { readonly id: string; readonly container: string }): Promise<void> {
  for (let tries = 0; tries < START_TRIES; tries += 1) {
    const { isRunning, pid, exitCode } = await inspectExec(context, id).catch(goneIsOver);
    if (!isRunning && exitCode !== undefined) return;
    if (isRunning && pid > 0) return sendKill(context, { pid, container });
    await sleep(context.clock, START_WAIT_MS, new AbortController().signal);
  }
}

function goneIsOver(error: unknown): { isRunning: boolean; pid: number; exitCode: number } {
  if (error instanceof RuntimeError && error.code === 'NotFound') return { isRunning: false, pid: 0, exitCode: 0 };
  throw error;
}

/** The pid is the engine's: on a machine of its own (a VM) it means nothing here, so the control group must agree. */
async function sendKill(context: EngineContext, { pid, container }: { readonly pid: number; readonly container: string }): Promise<void> {
  const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
  if (!groups.includes(container)) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EPERM') await killInside(context, { pid, container });
    else if (code !== 'ESRCH') throw error;
  }
}

/** As the container's root, with its own shell and its own number for the process. */
async function killInside(context: EngineContext, { pid, container }: { readonly pid: number; readonly container: string }): Promise<void> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const inner = /^NSpid:.*\s(\d+)$/m.exec(status)?.[1];
  if (inner === undefined) return;
  const json = { Cmd: ['sh', '-c', `kill -KILL ${inner}`], User: '0' };
  const created = await translated(() => context.client.json({ method: 'POST', path: `/containers/${container}/exec`, json }));
  const path = `/exec/${asText(asRecord(created)['Id'])}/start`;
  await translated(() => context.client.done({ method: 'POST', path, json: { Detach: true } }));
}

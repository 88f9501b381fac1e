// Puts one question of a probe to its container, beside everything else, and notes what came of it.
import type { Container, Probe } from '../../api/generated/types.ts';
import { podFacts, type ActionScope } from '../action-scope.ts';
import { execCommand } from '../exec-command.ts';
import { fieldPathOf } from '../ensure-image.ts';
import type { PodAction } from '../pod-action.ts';
import { probeGrpc } from './grpc-probe.ts';
import { probeHttp } from './http-probe.ts';
import { LONGEST_OUTPUT, type ProbeAnswer } from './probe-answer.ts';
import { PROBE_AGENT } from './probe-agent.ts';
import { probeAnswered, probeBegun, type ProbeKind } from './probe-state.ts';
import { probeTcp } from './tcp-probe.ts';

type ProbeAction = Extract<PodAction, { readonly type: 'probe-container' }>;

/** A question that could not be put is put again at once, this often in all. */
const TRIES = 3;
const TITLES: Readonly<Record<ProbeKind, string>> = { startup: 'Startup', liveness: 'Liveness', readiness: 'Readiness' };

export async function probeContainer(scope: ActionScope, action: ProbeAction): Promise<void> {
  const { context, record } = scope;
  record.setProbe(action.id, action.kind, probeBegun(record.memory.probes.get(action.id)?.[action.kind], context.clock.now()));
  scope.inBackground(probe(scope, action));
}

async function probe(scope: ActionScope, { id, kind, container }: ProbeAction): Promise<void> {
  const { context, record } = scope;
  const wanted = container[`${kind}Probe`]!;
  const answer = await answerInTime(scope, { id, container, wanted });
  const state = record.memory.probes.get(id)?.[kind];
  // What a container that has ended meanwhile says is its end, not its health.
  if (context.signal.aborted || state === undefined || record.containers.get(id)?.phase !== 'running') return;
  record.setProbe(id, kind, probeAnswered(state, answer.type === 'success' || answer.type === 'warning', wanted));
  const told = eventOf(TITLES[kind], answer);
  if (told !== undefined) context.recorder.event(record.pod, { type: 'Warning', ...told, fieldPath: fieldPathOf(record.pod, container) });
}

function eventOf(title: string, answer: ProbeAnswer): { readonly reason: string; readonly message: string } | undefined {
  switch (answer.type) {
    case 'success':
      return undefined;
    case 'warning':
      return { reason: 'ProbeWarning', message: `${title} probe warning: ${answer.output}` };
    case 'failure':
      return { reason: 'Unhealthy', message: `${title} probe failed: ${answer.output}` };
    case 'error':
      return { reason: 'Unhealthy', message: `${title} probe errored and resulted in unknown state: ${answer.message}` };
  }
}

interface Question {
  readonly id: string;
  readonly container: Container;
  readonly wanted: Probe;
}

async function answerInTime(scope: ActionScope, question: Question): Promise<ProbeAnswer> {
  const { clock, signal } = scope.context;
  const timeoutMs = (question.wanted.timeoutSeconds ?? 1) * 1_000;
  let answer: ProbeAnswer = { type: 'error', message: 'no handler' };
  for (let tries = 0; tries < TRIES && !signal.aborted; tries += 1) {
    const late = new AbortController();
    const timer = clock.setTimer(timeoutMs, () => late.abort());
    answer = await ask(scope, question, { timeoutMs, signal: AbortSignal.any([signal, late.signal]) }).finally(() => timer.cancel());
    if (answer.type !== 'error') break;
  }
  return answer;
}

async function ask(scope: ActionScope, { id, container, wanted }: Question, limit: { readonly timeoutMs: number; readonly signal: AbortSignal }): Promise<ProbeAnswer> {
  const { podIp } = podFacts(scope);
  const { exec, httpGet, tcpSocket, grpc } = wanted;
  const { timeoutMs, signal } = limit;
  if (httpGet !== undefined) return probeHttp({ action: httpGet, container, podIp, agent: PROBE_AGENT, signal });
  if (tcpSocket !== undefined) return probeTcp({ action: tcpSocket, container, podIp, signal });
  if (grpc !== undefined) return probeGrpc({ action: grpc, podIp, agent: PROBE_AGENT, timeoutMs, signal });
  return probeExec(scope, { id, command: exec?.command ?? [], timeoutMs, signal });
}

async function probeExec({ context }: ActionScope, { id, command, timeoutMs, signal }: { id: string; command: readonly string[]; timeoutMs: number; signal: AbortSignal }): Promise<ProbeAnswer> {
  try {
    const { exitCode, output } = await execCommand(context.runtime, id, { command, longestOutput: LONGEST_OUTPUT, signal });
    if (signal.aborted) return { type: 'failure', output: `command timed out: ${JSON.stringify(command.join(' '))} timed out after ${timeoutMs / 1_000}s` };
    return exitCode === 0 ? { type: 'success' } : { type: 'failure', output };
  } catch (error) {
    return { type: 'error', message: (error as Error).message };
  }
}

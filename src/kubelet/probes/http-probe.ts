// HTTP probes: a GET that follows redirects within its host.
import { dialError } from './dial-error.ts';
import { httpGet, type HttpQuestion } from './http-get.ts';
import type { ProbeAnswer } from './probe-answer.ts';
import { httpTarget, portOf, resolvePort, targetText } from './probe-target.ts';

const MOST_REDIRECTS = 10;

/** 200 to 399 pass. */
export async function probeHttp(question: HttpQuestion): Promise<ProbeAnswer> {
  const { action, container, podIp, signal } = question;
  const resolved = resolvePort(action.port, container);
  if (!resolved.ok) return { type: 'error', message: resolved.problem };
  const first = httpTarget(action, action.host || podIp, resolved.port);
  let target = first;
  try {
    for (let redirects = 0; ; redirects += 1) {
      const { status, location, body } = await httpGet(target, question);
      const next = status >= 300 && status < 400 && location !== undefined ? new URL(location, target) : undefined;
      if (next !== undefined && next.hostname !== first.hostname) return { type: 'warning', output: `Probe terminated redirects, Response body: ${body}` };
      if (next === undefined) return status >= 200 && status < 400 ? { type: 'success' } : { type: 'failure', output: `HTTP probe failed with statuscode: ${status}` };
      if (redirects === MOST_REDIRECTS) return { type: 'failure', output: `Get "${targetText(next)}": stopped after ${MOST_REDIRECTS} redirects` };
      target = next;
    }
  } catch (error) {
    const why = signal.aborted ? 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)' : dialError(error, target.hostname, portOf(target));
    return { type: 'failure', output: `Get "${targetText(target)}": ${why}` };
  }
}

// The message that a container leaves at its end: its file, or the end of its log where the Pod asks for that.
import type { Pod } from '../api/generated/types.ts';
import { containersOfPod } from '../api/pod/pod-containers.ts';
import { CALL_LIMIT_MS } from './action-scope.ts';
import { within } from './call-deadline.ts';
import type { KubeletContext } from './kubelet-context.ts';
import { SANDBOX, type ContainerState } from './runtime/container-runtime.ts';

const LOG_LINES = 80;
const LOG_BYTES = 2_048;

/** '' when there is none. */
export async function readTerminationMessage(context: KubeletContext, pod: Pod, container: ContainerState): Promise<string> {
  const { container: name, attempt } = container.identity;
  if (name === SANDBOX) return '';
  const spec = containersOfPod(pod).find((candidate) => candidate.name === name);
  const message = await context.volumes.terminationMessage(pod, name, attempt);
  if (message !== '' || spec?.terminationMessagePolicy !== 'FallbackToLogsOnError' || container.exitCode === 0) return message;
  return within(context.clock, CALL_LIMIT_MS, { what: 'logs', run: () => logTail(context, container.id) });
}

async function logTail({ runtime, signal }: KubeletContext, id: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of runtime.logs(id, { follow: false, tailLines: LOG_LINES, timestamps: false, signal })) chunks.push(chunk);
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(-LOG_BYTES));
}

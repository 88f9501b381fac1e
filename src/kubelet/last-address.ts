// Finds out the address of a Pod whose only container was over before its address had been seen: no status tells of it yet.
import { CALL_LIMIT_MS } from './action-scope.ts';
import { within } from './call-deadline.ts';
import type { KubeletContext } from './kubelet-context.ts';
import type { PodRecord } from './pod-record.ts';
import type { ContainerState } from './runtime/container-runtime.ts';
import { sandboxKind } from './sandbox-rule.ts';

export interface LastAddressOptions {
  readonly context: KubeletContext;
  readonly record: PodRecord;
  /** Asking the engine takes its time: the address goes into a status of its own. */
  readonly inBackground: (work: Promise<void>) => void;
}

/** `known` is the container as it was seen before. */
export function keepLastAddress(options: LastAddressOptions, known: ContainerState | undefined, { id, phase, startedAt }: ContainerState): void {
  const { record, inBackground } = options;
  const { pod, gone, memory } = record;
  if (phase !== 'exited' || startedAt === 0 || gone || sandboxKind(pod) !== 'own') return;
  if (memory.lastIp.type !== 'unread' || (memory.published.podIP ?? pod.status?.podIP) !== undefined) return;
  if (known !== undefined && known.ip !== '') return record.remember({ lastIp: { type: 'read', ip: known.ip } });
  record.remember({ lastIp: { type: 'reading' } });
  inBackground(readAddress(options, id));
}

async function readAddress({ context, record }: LastAddressOptions, id: string): Promise<void> {
  let ip = '';
  try {
    ip = await within(context.clock, CALL_LIMIT_MS, { what: 'last address', run: () => context.runtime.lastIp(id) });
  } finally {
    record.remember({ lastIp: { type: 'read', ip } });
  }
}

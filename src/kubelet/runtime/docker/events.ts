// The engine's events about this cluster's containers, for ever: a broken stream is opened again, and said so.
import { sleep } from '../../../base/clock.ts';
import { backoffDelayMs } from '../../../base/backoff.ts';
import type { Logger } from '../../../base/log.ts';
import type { RuntimeEvent } from '../container-runtime.ts';
import type { EngineContext } from './containers.ts';
import type { EngineReply } from './engine-client.ts';
import { asNumber, asRecord, asText } from './json-fields.ts';
import { CLUSTER_LABEL, POD_UID_LABEL } from './labels.ts';
import { createLineReader } from './line-reader.ts';
import { actionMeant, EXIT_CODE_ATTRIBUTES, FURTHER_ACTIONS } from './podman-words.ts';

/** What changes the state of a container. */
const ACTIONS = ['create', 'start', 'die', 'oom', 'pause', 'unpause', 'destroy', ...FURTHER_ACTIONS];
const RETRY_BASE_MS = 100;
const RETRY_CAP_MS = 5000;

/** Each opening of the stream, the first one too, gives a `resync`: from then on nothing is missed. Each end gives a `broken`. */
export async function* readEvents(
  context: EngineContext & { readonly log: Logger },
  signal: AbortSignal,
): AsyncGenerator<RuntimeEvent> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      const reply = await openEvents(context, signal);
      failures = 0;
      yield { type: 'resync' };
      yield* parseEvents(reply);
    } catch (error) {
      if (signal.aborted) return;
      if (failures === 0) context.log.warn('the event stream of the engine broke', { error });
    }
    if (failures === 0) yield { type: 'broken' };
    failures += 1;
    await sleep(context.clock, backoffDelayMs(failures, RETRY_BASE_MS, RETRY_CAP_MS), signal).catch(() => {});
  }
}

function openEvents(context: EngineContext, signal: AbortSignal): Promise<EngineReply> {
  const label = [`${CLUSTER_LABEL}=${context.clusterId}`];
  const filters = JSON.stringify({ type: ['container'], label, event: ACTIONS });
  return context.client.open({ method: 'GET', path: '/events', query: { filters }, timeoutMs: 0, signal });
}

async function* parseEvents(reply: EngineReply): AsyncGenerator<RuntimeEvent> {
  const lines = createLineReader();
  for await (const chunk of reply.body) {
    for (const line of lines.push(chunk as Uint8Array)) {
      const event = asRecord(JSON.parse(line));
      const actor = asRecord(event['Actor']);
      const attributes = asRecord(actor['Attributes']);
      const exitCode = EXIT_CODE_ATTRIBUTES.map((name) => asText(attributes[name])).find((text) => text !== '') ?? '';
      yield {
        type: 'container',
        podUid: asText(attributes[POD_UID_LABEL]),
        containerId: asText(actor['ID']),
        action: actionMeant(asText(event['Action'])),
        atMs: Math.floor(asNumber(event['timeNano']) / 1_000_000),
        ...(exitCode === '' ? {} : { exitCode: Number(exitCode) }),
      };
    }
  }
}

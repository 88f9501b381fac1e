// Writes Event objects in the background; repeats raise the count of one object, as upstream's correlator does.
import type { CoreEvent, ObjectReference } from '../api/generated/types.ts';
import { EVENTS } from '../api/kinds.ts';
import type { KubeObject } from '../api/object.ts';
import { isNotFound, StatusError } from '../api/status-error.ts';
import { toTime } from '../api/time.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Client } from './client.ts';
import type { EventRecorder, EventText } from './event-recorder-contract.ts';

export interface EventRecorderOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Logger;
  /** "job-controller", "kubelet", "default-scheduler". */
  readonly component: string;
  /** The node's name, for the kubelet. */
  readonly host?: string;
}

interface Known {
  readonly name: string;
  count: number;
}

/** Upstream's correlator: this many of one object and reason apart from their texts, then one combined event. */
const SIMILAR_LIMIT = 10;
const SIMILAR_WINDOW_MS = 600_000;
const REMEMBERED = 4_096;

export class BackgroundEventRecorder implements EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #known = new Map<string, Known>();
  readonly #similar = new Map<string, { since: number; messages: Set<string> }>();
  #last = 0;
  #queue: Promise<void> = Promise.resolve();

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  event(about: KubeObject, event: EventText): void {
    const now = this.#options.clock.now();
    this.#queue = this.#queue.then(() => this.#write(about, event, now)).catch((error: unknown) => this.#failed(about, event, error));
  }

  /** Resolves when all events recorded so far are written. */
  flush(): Promise<void> {
    return this.#queue;
  }

  async #write(about: KubeObject, event: EventText, now: number): Promise<void> {
    const { client, component, host = '' } = this.#options;
    const reference = referenceTo(about, event.fieldPath);
    const message = this.#combine(reference, event, now);
    const key = JSON.stringify([component, reference.uid, reference.fieldPath, event.type, event.reason, message.key]);
    const known = this.#known.get(key);
    const namespace = about.metadata?.namespace ?? 'default';
    if (known !== undefined) {
      known.count += 1;
      const repeat = { count: known.count, lastTimestamp: toTime(now), message: message.text };
      const done = await client
        .patch(EVENTS, { namespace, name: known.name }, { type: 'merge', body: repeat })
        .catch((error: unknown) => (isNotFound(error) ? undefined : Promise.reject(error)));
      if (done !== undefined) return;
    }
    const name = `${about.metadata?.name}.${this.#stamp(now)}`;
    remember(this.#known, key, { name, count: 1 });
    const object: CoreEvent = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: reference,
      type: event.type,
      reason: event.reason,
      message: message.text,
      source: { component, ...(host === '' ? {} : { host }) },
      reportingComponent: component,
      reportingInstance: host,
      firstTimestamp: toTime(now),
      lastTimestamp: toTime(now),
      count: 1,
    };
    await client.create(EVENTS, object);
  }

  /** Many different texts for one reason become one event, so that a flood does not fill the store. */
  #combine(reference: ObjectReference, event: EventText, now: number): { text: string; key: string } {
    const key = JSON.stringify([reference.uid, event.type, event.reason]);
    let similar = this.#similar.get(key);
    if (similar === undefined || now - similar.since > SIMILAR_WINDOW_MS) {
      similar = { since: now, messages: new Set() };
      remember(this.#similar, key, similar);
    }
    if (similar.messages.has(event.message) || similar.messages.size < SIMILAR_LIMIT) {
      similar.messages.add(event.message);
      return { text: event.message, key: event.message };
    }
    return { text: `(combined from similar events): ${event.message}`, key: '(combined)' };
  }

  /** Hex nanoseconds, as upstream names events; never twice the same. */
  #stamp(now: number): string {
    this.#last = Math.max(now * 1_000, this.#last + 1);
    return (BigInt(this.#last) * 1_000n).toString(16);
  }

  #failed(about: KubeObject, event: EventText, error: unknown): void {
    // The object's namespace is going or gone: nobody is left to read the event.
    if (error instanceof StatusError && (error.reason === 'Forbidden' || error.reason === 'NotFound')) return;
    this.#options.log.warn('an event was not written', { object: about.metadata?.name, reason: event.reason, error });
  }
}

function referenceTo(about: KubeObject, fieldPath: string | undefined): ObjectReference {
  return {
    apiVersion: about.apiVersion,
    kind: about.kind,
    name: about.metadata?.name,
    namespace: about.metadata?.namespace,
    uid: about.metadata?.uid,
    resourceVersion: about.metadata?.resourceVersion,
    ...(fieldPath === undefined ? {} : { fieldPath }),
  };
}

function remember<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.set(key, value);
  if (map.size > REMEMBERED) map.delete(map.keys().next().value!);
}

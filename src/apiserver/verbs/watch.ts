// GET of a collection with watch=true: the state to begin with where asked for, then every change in order.
import { apiVersionOf } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { badRequestError, StatusError } from '../../api/status-error.ts';
import type { ApiResponse, WatchEvent } from '../../api/wire.ts';
import { StoreError, type Change } from '../../store/store.ts';
import type { Call, Verb } from '../call.ts';
import { formatOf, metadataOnly, tableOf } from '../present.ts';
import { JSON_HEADERS, toStatusError } from '../reply.ts';
import { askedRevision } from '../resource-version.ts';
import { selectionOf, type Selection } from '../selection.ts';
import { decodeEntry } from '../stored-object.ts';

/** Bookmarks let a quiet watcher go on after a break without listing again. */
const BOOKMARK_EVERY_MS = 60_000;
/** Upstream draws the length of a watch between 30 and 60 minutes; one machine needs no jitter. */
const DEFAULT_WATCH_SECONDS = 45 * 60;

export const watch: Verb = async (call) => {
  const selection = selectionOf(call);
  const start = startOf(call);
  const present = presenter(call);
  const lifetime = new AbortController();
  const events = watchEvents(call, selection, { start, lifetime });
  return { status: 200, headers: JSON_HEADERS, body: { type: 'events', events: presented(events, present) } } satisfies ApiResponse;
};

interface Start {
  /** Changes after this revision; undefined: begin with the present state. */
  readonly after: number | undefined;
  /** End the initial state with a bookmark that says so (streaming lists). */
  readonly markInitialEnd: boolean;
  readonly bookmarks: boolean;
  readonly timeoutMs: number;
}

function startOf(call: Call): Start {
  const { query } = call.request;
  const asked = askedRevision(query);
  const sendInitial = query.get('sendInitialEvents');
  const match = query.get('resourceVersionMatch') ?? '';
  if (sendInitial !== null && match !== 'NotOlderThan') {
    throw badRequestError('resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  }
  const bookmarks = query.get('allowWatchBookmarks') === 'true';
  const timeout = query.get('timeoutSeconds') ?? '';
  const seconds = timeout === '' || timeout === '0' ? DEFAULT_WATCH_SECONDS : Number(timeout);
  if (!Number.isInteger(seconds)) throw badRequestError(`timeoutSeconds: Invalid value: ${JSON.stringify(timeout)}: must be a whole number`);
  const initial = sendInitial === 'true' || (sendInitial === null && (asked === undefined || asked === 0));
  const after = initial ? undefined : (asked ?? call.server.store.revision);
  return { after, markInitialEnd: sendInitial === 'true' && bookmarks, bookmarks, timeoutMs: seconds * 1000 };
}

async function* watchEvents(call: Call, selection: Selection, at: { readonly start: Start; readonly lifetime: AbortController }): AsyncGenerator<WatchEvent<KubeObject>> {
  const { start, lifetime } = at;
  const { clock, store } = call.server;
  const end = (): void => lifetime.abort();
  if (call.request.signal.aborted) return;
  call.request.signal.addEventListener('abort', end, { once: true });
  const timer = clock.setTimer(start.timeoutMs, end);
  try {
    let after = start.after;
    if (after === undefined) {
      const page = await store.list(selection.prefix);
      after = page.revision;
      for (const entry of page.entries) {
        const object = decodeEntry(call.resource, entry);
        if (selection.matches(object)) yield { type: 'ADDED', object };
      }
      if (start.markInitialEnd) yield bookmark(call, after, { 'k8s.io/initial-events-end': 'true' });
    }
    yield* changes(call, selection, { after, signal: lifetime.signal, bookmarks: start.bookmarks });
  } catch (error) {
    yield { type: 'ERROR', object: errorStatus(call, error, start.after) };
  } finally {
    timer.cancel();
    call.request.signal.removeEventListener('abort', end);
    lifetime.abort();
  }
}

async function* changes(call: Call, selection: Selection, from: { readonly after: number; readonly signal: AbortSignal; readonly bookmarks: boolean }): AsyncGenerator<WatchEvent<KubeObject>> {
  const { clock, store } = call.server;
  let progress = from.after;
  const source = store.watch(selection.prefix, { after: from.after, signal: from.signal, onProgress: (revision) => (progress = revision) });
  let next = source.next();
  try {
    for (;;) {
      const due = from.bookmarks ? timeout(clock, BOOKMARK_EVERY_MS) : undefined;
      const arrived = await (due === undefined ? next : Promise.race([next, due.promise]));
      due?.cancel();
      if (arrived === undefined) {
        yield bookmark(call, progress);
        continue;
      }
      if (arrived.done) return;
      next = source.next();
      const event = eventOf(call, selection, arrived.value);
      if (event !== undefined) yield event;
    }
  } finally {
    // The pending read of an abandoned watch may still fail; nobody is left to hear of it.
    next.catch(() => {});
    await source.return?.();
  }
}

/** What a change is to this watcher: an object that enters or leaves its selection is added or deleted to it. */
function eventOf(call: Call, { matches }: Selection, change: Change): WatchEvent<KubeObject> | undefined {
  const object = decodeEntry(call.resource, change.entry);
  const before = change.previous === undefined ? undefined : decodeEntry(call.resource, change.previous);
  const had = before !== undefined && matches(before);
  const has = change.type === 'put' && matches(object);
  if (has) return { type: had ? 'MODIFIED' : 'ADDED', object };
  if (!had) return undefined;
  if (change.type === 'delete') return { type: 'DELETED', object };
  // It left the selection: shown as it was when it last matched, at the revision of the change.
  return { type: 'DELETED', object: { ...before, metadata: { ...before.metadata, resourceVersion: String(change.entry.revision) } } };
}

function bookmark(call: Call, revision: number, annotations?: Record<string, string>): WatchEvent<KubeObject> {
  return {
    type: 'BOOKMARK',
    object: {
      kind: call.resource.kind,
      apiVersion: apiVersionOf(call.resource),
      metadata: { resourceVersion: String(revision), ...(annotations === undefined ? {} : { annotations }) },
    },
  };
}

function timeout(clock: Call['server']['clock'], delayMs: number): { promise: Promise<undefined>; cancel: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = clock.setTimer(delayMs, () => resolve(undefined));
  return { promise, cancel: () => timer.cancel() };
}

function errorStatus(call: Call, error: unknown, after: number | undefined): KubeObject {
  if (error instanceof StoreError && error.code === 'Compacted') {
    const message = `too old resource version: ${after ?? 0} (${call.server.store.compactedRevision + 1})`;
    return new StatusError({ code: 410, reason: 'Expired', message }).status as KubeObject;
  }
  if (error instanceof StoreError && error.code === 'SlowWatcher') {
    return new StatusError({ code: 410, reason: 'Expired', message: `the watcher was too slow: ${error.message}` }).status as KubeObject;
  }
  return toStatusError(error).status as KubeObject;
}

/** Each event in the form asked for; only the first Table of a watch carries the columns. */
function presenter(call: Call): (event: WatchEvent<KubeObject>) => WatchEvent {
  const format = formatOf(call);
  if (format.type === 'object') return (event) => event;
  if (format.type === 'metadata') {
    return (event) => (event.type === 'ERROR' ? event : { type: event.type, object: metadataOnly(event.object) });
  }
  let first = true;
  return (event) => {
    if (event.type === 'ERROR') return event;
    const resourceVersion = event.object.metadata?.resourceVersion ?? '';
    const table = tableOf(call, event.type === 'BOOKMARK' ? [] : [event.object], { resourceVersion });
    const object = first ? table : { ...table, columnDefinitions: null };
    first = false;
    return { type: event.type, object };
  };
}

async function* presented(events: AsyncGenerator<WatchEvent<KubeObject>>, present: (event: WatchEvent<KubeObject>) => WatchEvent): AsyncGenerator<WatchEvent> {
  for await (const event of events) yield present(event);
}

// Keeps a timeline up to date: drawn anew on a terminal with every change and each second while something moves; printed
// anew on a pipe when it has changed.
import type { KubeObject } from '../../api/object.ts';
import { CRON_JOBS, JOBS, PODS, type Resource } from '../../api/kinds.ts';
import { sleep } from '../../base/clock.ts';
import { silentLogger } from '../../base/log.ts';
import { createInformer } from '../../client/informer.ts';
import type { CliContext } from '../context.ts';
import type { ResourceName } from '../resource-args.ts';
import { timelineText } from './text-timeline.ts';
import type { Timeline } from './timeline.ts';

export interface Watching extends ResourceName {
  readonly gather: () => Promise<Timeline>;
  /** What else of the namespace the timeline is made of. */
  readonly follows: readonly Resource[];
}

const FRAME_MS = 1_000;
/** Head, axis, legend, what separates them, and the line of the cursor: rows have what is left of the screen. */
const LINES_AROUND = 9;
/** Changes come in bursts: what follows at once belongs to the same frame. */
const SETTLE_MS = 80;

/** Ends when nothing can change any more; rejects when Ctrl-C comes first. */
export async function watchTimeline(context: CliContext, { gather, follows }: Watching): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  let changed = Promise.withResolvers<void>();
  const beat = (): void => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  const client = await context.client();
  const informers = follows.map((resource) =>
    createInformer<KubeObject>({ client, clock: context.clock, log: silentLogger, signal, resource: resource as Resource<KubeObject>, query: { namespace: context.namespace } }),
  );
  const unsubscribes = informers.map((informer) => informer.onChange(beat));
  signal.addEventListener('abort', beat, { once: true });
  const draw = context.out.isTerminal ? drawOn(context) : printTo(context);
  try {
    await Promise.all(informers.map(({ synced }) => synced));
    while (!signal.aborted) {
      const next = changed.promise;
      const timeline = await gather();
      await draw(timeline);
      if (!timeline.isLive) return;
      const moves = context.out.isTerminal && timeline.rows.some(({ state }) => state === 'running' || state === 'waiting');
      await Promise.race([next, ...(moves ? [sleep(context.clock, FRAME_MS, signal).catch(() => {})] : [])]);
      await sleep(context.clock, SETTLE_MS, signal).catch(() => {});
    }
  } finally {
    for (const unsubscribe of unsubscribes) unsubscribe();
    stop.abort();
    await Promise.all(informers.map(({ done }) => done));
  }
  context.signal.throwIfAborted();
}

/** From where the cursor was: up over the frame before, each line cleared, what is left below too. */
function drawOn({ out }: CliContext): (timeline: Timeline) => Promise<void> {
  let height = 0;
  return async (timeline) => {
    const text = timelineText(timeline, { colour: out.colour, columns: out.columns, rows: Math.max((out.rows ?? 24) - LINES_AROUND, 3) });
    const lines = text.trimEnd().split('\n');
    await out.write(`${height === 0 ? '' : `\u001b[${height}A\r`}${lines.map((line) => `${line}\u001b[K\n`).join('')}\u001b[J`);
    height = lines.length;
  };
}

/** The length of what runs is no change. */
function printTo({ out }: CliContext): (timeline: Timeline) => Promise<void> {
  let last = '';
  return async (timeline) => {
    const state = JSON.stringify(timeline.rows.map(({ name, container, state: of, marks, spans }) => [name, container, of, marks.length, spans.map(({ kind }) => kind)]).concat([[timeline.state]]));
    if (state === last) return;
    const text = timelineText(timeline, { colour: out.colour, columns: out.columns });
    await out.write(`${last === '' ? '' : '\n'}${text}`);
    last = state;
  };
}

export const followed: readonly Resource[] = [JOBS as Resource, PODS as Resource, CRON_JOBS as Resource];

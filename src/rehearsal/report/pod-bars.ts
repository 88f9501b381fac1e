// pure: the timeline of one Job: a row a Pod, from its creation to its end.
import { spanText } from '../span-text.ts';
import type { Rehearsal } from '../story.ts';

interface Bar {
  readonly pod: string;
  readonly from: number;
  end?: { readonly at: number; readonly mark: string };
  /** When a container failed and was started again. */
  readonly restarts: number[];
}

const COLUMNS = 60;
const MOST_ROWS = 40;

/** Lines; none without Pods. */
export function podBars(rehearsal: Rehearsal): readonly string[] {
  const bars = barsOf(rehearsal);
  if (bars.length === 0) return [];
  const { from } = rehearsal;
  const until = Math.max(rehearsal.until, from + 1);
  const column = (at: number): number => Math.min(COLUMNS - 1, Math.floor(((at - from) / (until - from)) * COLUMNS));
  const width = Math.max(...bars.map(({ pod }) => pod.length));
  const rows = bars.slice(0, MOST_ROWS).map((bar) => `${bar.pod.padEnd(width)} |${drawn(bar, column).padEnd(COLUMNS)}|`);
  const more = bars.length > MOST_ROWS ? [`... and ${bars.length - MOST_ROWS} pods more`] : [];
  const scale = `${''.padEnd(width)} 0${spanText(until - from).padStart(COLUMNS)}   = pending or running, . succeeded, x failed, r restarted`;
  return [...rows, ...more, scale];
}

function barsOf({ occurrences }: Rehearsal): Bar[] {
  const bars = new Map<string, Bar>();
  for (const { at, kind, name, reason, message } of occurrences) {
    if (kind === 'Job' && reason === 'SuccessfulCreate') {
      const pod = message.slice('Created pod: '.length);
      bars.set(pod, { pod, from: at, restarts: [] });
    }
    const bar = kind === 'Pod' ? bars.get(name) : undefined;
    if (reason === 'PodSucceeded') bar!.end = { at, mark: '.' };
    if (reason === 'PodFailed') bar!.end = { at, mark: 'x' };
    if (reason === 'ContainerFailed') bar!.restarts.push(at);
  }
  return [...bars.values()];
}

function drawn({ from, end, restarts }: Bar, column: (at: number) => number): string {
  const last = end === undefined ? COLUMNS - 1 : column(end.at);
  const cells = Array.from({ length: last + 1 }, (_, at): string => (at < column(from) ? ' ' : '='));
  for (const at of restarts) cells[column(at)] = 'r';
  if (end !== undefined) cells[last] = end.mark;
  return cells.join('');
}

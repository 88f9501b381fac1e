// pure: one row of a timeline as a row of characters: which kind fills each cell, and where the marks go.
import { spanEnd, type Mark, type Row, type SpanKind, type Timeline } from './timeline.ts';

export type Cell = { readonly type: 'blank' } | { readonly type: 'span'; readonly kind: SpanKind } | { readonly type: 'mark'; readonly kind: Mark['kind'] };

const BLANK: Cell = { type: 'blank' };

/** `width` cells of time and one more, for a mark at the very end. */
export function rowCells(row: Row, timeline: Pick<Timeline, 'from' | 'to'>, width: number): Cell[] {
  const cells = Array.from({ length: width + 1 }, (_, at) => (at === width ? BLANK : cellAt(row, timeline, { at, width })));
  const position = (time: number): number => ((time - timeline.from) / (timeline.to - timeline.from)) * width;
  // However short a run was, it is to be seen.
  for (const span of row.spans) {
    if (span.kind !== 'running') continue;
    const at = Math.min(Math.floor(position((span.from + spanEnd(span, timeline)) / 2)), width - 1);
    cells[Math.max(at, 0)] = { type: 'span', kind: 'running' };
  }
  for (const { at, kind } of row.marks) {
    const place = Math.min(Math.floor(position(at)), width);
    cells[Math.max(freePlace(cells, place), 0)] = { type: 'mark', kind };
  }
  return cells;
}

/** A mark stands right behind its run; the run's last cell is the first that it would hide. */
function freePlace(cells: readonly Cell[], place: number): number {
  const isRun = (at: number): boolean => {
    const cell = cells[at];
    return cell?.type === 'mark' || (cell?.type === 'span' && cell.kind === 'running');
  };
  return isRun(place) && !isRun(place + 1) && place + 1 < cells.length ? place + 1 : place;
}

/** What takes up most of the cell's time; nothing when that is less than a third of it. */
function cellAt(row: Row, timeline: Pick<Timeline, 'from' | 'to'>, { at, width }: { readonly at: number; readonly width: number }): Cell {
  const size = (timeline.to - timeline.from) / width;
  const [start, end] = [timeline.from + at * size, timeline.from + (at + 1) * size];
  const shares = new Map<SpanKind, number>();
  for (const span of row.spans) {
    const share = Math.min(spanEnd(span, timeline), end) - Math.max(span.from, start);
    if (share > 0) shares.set(span.kind, (shares.get(span.kind) ?? 0) + share);
  }
  const [largest] = [...shares].sort((a, b) => b[1] - a[1]);
  return largest === undefined || largest[1] < size / 3 ? BLANK : { type: 'span', kind: largest[0] };
}

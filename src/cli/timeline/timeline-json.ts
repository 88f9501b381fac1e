// pure: a timeline for machines: the model as it is, times as RFC 3339.
import type { Timeline } from './timeline.ts';

const time = (ms: number): string => new Date(ms).toISOString();

export function timelineObject({ from, to, rows, ...rest }: Timeline): object {
  return {
    kind: 'Timeline',
    ...rest,
    from: time(from),
    to: time(to),
    rows: rows.map(({ spans, marks, ...row }) => ({
      ...row,
      spans: spans.map((span) => ({ ...span, from: time(span.from), ...(span.to === undefined ? {} : { to: time(span.to) }) })),
      marks: marks.map((mark) => ({ ...mark, at: time(mark.at) })),
    })),
  };
}

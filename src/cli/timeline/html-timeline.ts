// pure: a timeline as a page of its own: nothing is loaded from anywhere, light and dark, readable without colours or eyes.
import { humanDuration } from '../../api/duration-text.ts';
import { escapeHtml } from './escape-html.ts';
import { PAGE_STYLE } from './page-style.ts';
import { ticks } from './time-axis.ts';
import { spanEnd, type Mark, type Row, type Span, type SpanKind, type Timeline } from './timeline.ts';

const KINDS: readonly (readonly [SpanKind, string])[] = [
  ['waiting', 'waiting to start'],
  ['running', 'running'],
  ['back-off', 'waiting to try again'],
  ['terminating', 'asked to end'],
];
const MARKS = { success: '✓', failure: '✗' } as const;

export function timelineHtml(timeline: Timeline): string {
  const { subject, state, health, from, to, isLive } = timeline;
  const title = escapeHtml(subject);
  const time = `${humanDuration(to - from)}${isLive ? ' so far' : ''}, from ${new Date(from).toISOString()}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title} – timeline</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<header>
<h1>${title}</h1>
<p><span class="state ${health}">${escapeHtml(state)}</span> <span class="quiet">${escapeHtml(time)}</span></p>
</header>
${timeline.rows.length === 0 ? '<p class="quiet">Nothing has run yet.</p>' : table(timeline)}
${legend(timeline)}
</main>
</body>
</html>
`;
}

function table(timeline: Timeline): string {
  const marks = ticks(timeline.to - timeline.from, 9);
  const at = (offset: number): string => percent(offset / (timeline.to - timeline.from));
  const axis = marks.map(({ offset, label }) => `<span class="tick" style="left:${at(offset)}">${label}</span>`).join('');
  const grid = marks.map(({ offset }) => `<i style="left:${at(offset)}"></i>`).join('');
  const rows = timeline.rows.map((row, index) => rowHtml(row, { timeline, grid, before: timeline.rows[index - 1] })).join('\n');
  return `<table>
<caption class="hidden">What ran when, a row for each container of each Pod</caption>
<thead><tr><th scope="col">Name</th><th scope="col" class="time"><span class="hidden">Time</span><div class="axis" aria-hidden="true">${axis}</div></th><th scope="col" class="result">Result</th></tr></thead>
<tbody>
${rows}
</tbody>
</table>`;
}

interface RowPlace {
  readonly timeline: Timeline;
  readonly grid: string;
  readonly before: Row | undefined;
}

function rowHtml(row: Row, { timeline, grid, before }: RowPlace): string {
  const isSamePod = row.container !== undefined && before?.name === row.name && before.index === row.index;
  const pod = isSamePod ? '<span></span>' : `<span>${row.index === undefined ? '' : `<span class="index" title="completion index">${row.index}</span>`}<span class="name">${escapeHtml(row.name)}</span></span>`;
  const container = row.container === undefined ? '' : `<span class="container">${escapeHtml(row.container)}</span>`;
  const bars = row.spans.map((span) => spanHtml(span, timeline)).join('');
  const marks = row.marks.map((mark) => markHtml(mark, timeline)).join('');
  return `<tr class="${row.state}${isSamePod ? ' same' : ''}"><th scope="row"><div class="who">${pod}${container}</div></th><td class="time"><div class="bar" aria-hidden="true">${grid}${bars}${marks}</div><span class="hidden">${escapeHtml(spoken(row, timeline))}</span></td><td class="note">${escapeHtml(row.note)}</td></tr>${wordsHtml(row)}`;
}

function spanHtml(span: Span, timeline: Timeline): string {
  const length = timeline.to - timeline.from;
  const left = (span.from - timeline.from) / length;
  const width = (spanEnd(span, timeline) - span.from) / length;
  return `<b class="${span.kind}${span.to === undefined ? ' open' : ''}" style="left:${percent(left)};width:${percent(width)}" title="${escapeHtml(`${span.text} (${offsets(span, timeline)})`)}"></b>`;
}

function markHtml({ at, kind, text }: Mark, { from, to }: Timeline): string {
  return `<u class="${kind}" style="left:${percent((at - from) / (to - from))}" title="${escapeHtml(`${text}, ${humanDuration(at - from)} after the beginning`)}">${MARKS[kind]}</u>`;
}

/** A row of its own under the bars, closed until it is asked for. */
function wordsHtml({ message, log = [] }: Row): string {
  const parts = [
    ...(message === undefined ? [] : [{ what: 'its message', html: `<p>${escapeHtml(message)}</p>` }]),
    ...(log.length === 0 ? [] : [{ what: 'the end of its log', html: `<pre>${escapeHtml(log.join('\n'))}</pre>` }]),
  ];
  if (parts.length === 0) return '';
  return `\n<tr class="words"><td></td><td colspan="2"><details><summary>${parts.map(({ what }) => what).join(' and ')}</summary>${parts.map(({ html }) => html).join('')}</details></td></tr>`;
}

/** What the bars show, for those who cannot see them. */
function spoken({ spans, marks }: Row, timeline: Timeline): string {
  return [...spans.map((span) => `${span.text} (${offsets(span, timeline)})`), ...marks.map(({ text, at }) => `${text} at ${humanDuration(at - timeline.from)}`)].join('; ');
}

function offsets(span: Span, timeline: Timeline): string {
  const end = span.to === undefined ? 'now' : humanDuration(span.to - timeline.from);
  return `${humanDuration(span.from - timeline.from)} to ${end}`;
}

function legend({ rows }: Timeline): string {
  const used = KINDS.filter(([kind]) => rows.some(({ spans }) => spans.some((span) => span.kind === kind)));
  if (used.length === 0) return '';
  return `<ul class="legend">${used.map(([kind, text]) => `<li><b class="${kind}" aria-hidden="true"></b> ${text}</li>`).join('')}</ul>`;
}

function percent(share: number): string {
  return `${Math.round(Math.min(Math.max(share, 0), 1) * 100_000) / 1_000}%`;
}

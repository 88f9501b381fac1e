// A timeline for terminals: names on the left, time in the middle, how each row stands on the right.
import { Chalk, type ChalkInstance } from 'chalk';
import { humanDuration } from '../../api/duration-text.ts';
import { rowCells, type Cell } from './text-cells.ts';
import { ticks } from './time-axis.ts';
import type { Row, SpanKind, Timeline } from './timeline.ts';

export interface TextOptions {
  readonly colour: boolean;
  readonly columns: number;
  /** Shows at most so many rows, those that still move first; all without it. */
  readonly rows?: number;
}

/** Thin: no container is there. Thick: one is. */
const GLYPHS: Readonly<Record<SpanKind, string>> = { waiting: '╌', running: '━', 'back-off': '·', terminating: '┅' };
const MARKS = { success: '✓', failure: '✗' } as const;
const MIN_CHART = 10;
const GAP = 2;

export function timelineText(timeline: Timeline, options: TextOptions): string {
  const chalk = new Chalk({ level: options.colour ? 1 : 0 });
  const { rows, hidden } = visible(timeline.rows, options.rows);
  if (rows.length === 0) return `${headText(timeline, { chalk, columns: options.columns })}\n\n  ${chalk.dim('nothing has run yet')}\n`;
  const layout = layOut(rows, options.columns);
  const lines = [
    headText(timeline, { chalk, columns: options.columns }),
    '',
    axisText(timeline, layout, chalk),
    ...rows.map((row, at) => rowText(row, { timeline, layout, chalk, before: rows[at - 1] })),
    ...(hidden > 0 ? [chalk.dim(`${hidden} more ${hidden === 1 ? 'row' : 'rows'} above are not shown`)] : []),
    '',
    ...legendLines(rows, { chalk, columns: options.columns }),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

interface Layout {
  readonly label: number;
  readonly chart: number;
  readonly note: number;
}

function layOut(rows: readonly Row[], columns: number): Layout {
  const label = Math.min(Math.max(...rows.map((row, at) => labelOf(row, rows[at - 1]).length)), Math.max(Math.floor(columns * 0.34), 8));
  const note = Math.min(Math.max(...rows.map((row) => row.note.length)), Math.max(Math.floor(columns * 0.25), 8));
  return { label, note, chart: Math.max(columns - label - note - 2 * GAP - 1, MIN_CHART) };
}

/** The rows at the end are the newest. */
function visible(rows: readonly Row[], atMost: number | undefined): { readonly rows: readonly Row[]; readonly hidden: number } {
  if (atMost === undefined || rows.length <= atMost) return { rows, hidden: 0 };
  const moving = rows.filter(({ state }) => state === 'running' || state === 'waiting').slice(-atMost);
  const room = atMost - moving.length;
  const rest = room > 0 ? rows.filter((row) => !moving.includes(row)).slice(-room) : [];
  const kept = rows.filter((row) => moving.includes(row) || rest.includes(row));
  return { rows: kept, hidden: rows.length - kept.length };
}

function headText({ subject, state, health, from, to, isLive }: Timeline, { chalk, columns }: { readonly chalk: ChalkInstance; readonly columns: number }): string {
  const colour = health === 'trouble' ? chalk.red : health === 'waiting' ? chalk.yellow : chalk.green;
  const time = `${humanDuration(to - from)}${isLive ? ' so far' : ''}, from ${new Date(from).toTimeString().slice(0, 8)}`;
  const fits = subject.length + state.length + time.length + 2 * GAP <= columns;
  return `${chalk.bold(subject)}  ${colour(state)}${fits ? '  ' : '\n'}${chalk.dim(time)}`;
}

function axisText({ from, to }: Timeline, { label, chart }: Layout, chalk: ChalkInstance): string {
  let line = '';
  for (const { offset, label: text } of ticks(to - from, Math.max(Math.floor(chart / 9), 2))) {
    const at = Math.floor((offset / (to - from)) * chart);
    if (at + text.length > chart + 1 || (line !== '' && at < line.length + 1)) continue;
    line = `${line.padEnd(at)}${text}`;
  }
  return `${' '.repeat(label + GAP)}${chalk.dim(line)}`;
}

interface RowPlace {
  readonly timeline: Timeline;
  readonly layout: Layout;
  readonly chalk: ChalkInstance;
  readonly before: Row | undefined;
}

function rowText(row: Row, { timeline, layout, chalk, before }: RowPlace): string {
  const label = shorten(labelOf(row, before), layout.label).padEnd(layout.label);
  const cells = rowCells(row, timeline, layout.chart).map((cell) => cellText(cell, chalk)).join('');
  const note = row.note.length > layout.note ? `${row.note.slice(0, layout.note - 1)}…` : row.note;
  const paint = row.state === 'failed' ? chalk.red : row.state === 'succeeded' || row.state === 'running' ? chalk.green : chalk.yellow;
  return `${label}${' '.repeat(GAP)}${cells}${' '.repeat(GAP)}${paint(note)}`;
}

/** The containers of a Pod stand under its name. */
function labelOf({ name, container, index }: Row, before: Row | undefined): string {
  const numbered = index === undefined ? name : name === 'next try' ? `${index}: ${name}` : name;
  if (container === undefined) return numbered;
  return before?.name === name && before.index === index ? `  ${container}` : `${numbered} ${container}`;
}

/** The end of a Pod's name tells it from the others. */
function shorten(text: string, width: number): string {
  return text.length <= width ? text : `…${text.slice(text.length - width + 1)}`;
}

function cellText(cell: Cell, chalk: ChalkInstance): string {
  if (cell.type === 'blank') return ' ';
  if (cell.type === 'mark') return (cell.kind === 'success' ? chalk.green : chalk.red)(MARKS[cell.kind]);
  return spanPaint(cell.kind, chalk)(GLYPHS[cell.kind]);
}

function spanPaint(kind: SpanKind, chalk: ChalkInstance): ChalkInstance {
  switch (kind) {
    case 'running':
      return chalk.blue;
    case 'terminating':
      return chalk.magenta;
    case 'waiting':
    case 'back-off':
      return chalk.dim;
  }
}

/** Only what occurs. */
function legendLines(rows: readonly Row[], { chalk, columns }: { readonly chalk: ChalkInstance; readonly columns: number }): string[] {
  const kinds = (Object.keys(GLYPHS) as SpanKind[]).filter((kind) => rows.some(({ spans }) => spans.some((span) => span.kind === kind)));
  const marks = ([['success', 'succeeded'], ['failure', 'failed']] as const).filter(([kind]) => rows.some((row) => row.marks.some((mark) => mark.kind === kind)));
  const items = [
    ...kinds.map((kind) => ({ plain: `${GLYPHS[kind]} ${kind}`, text: `${spanPaint(kind, chalk)(GLYPHS[kind])} ${chalk.dim(kind)}` })),
    ...marks.map(([kind, word]) => ({ plain: `${MARKS[kind]} ${word}`, text: `${(kind === 'success' ? chalk.green : chalk.red)(MARKS[kind])} ${chalk.dim(word)}` })),
  ];
  const lines: { width: number; texts: string[] }[] = [];
  for (const { plain, text } of items) {
    const line = lines.at(-1);
    if (line === undefined || line.width + 3 + plain.length > columns) lines.push({ width: plain.length, texts: [text] });
    else {
      line.width += 3 + plain.length;
      line.texts.push(text);
    }
  }
  return lines.map(({ texts }) => texts.join('   '));
}

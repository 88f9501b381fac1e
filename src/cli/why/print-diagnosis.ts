// Shows a diagnosis to people: the verdict in a line, then its evidence, then what to try; colours where there are any.
import { Chalk, type ChalkInstance } from 'chalk';
import { humanDuration } from '../../api/duration-text.ts';
import type { AttemptLine, Diagnosis, JobLine, Evidence, Health } from './diagnosis.ts';
import { runEndText } from './run-text.ts';
import { wrapText } from './wrap-text.ts';

export interface PrintOptions {
  readonly colour: boolean;
  readonly columns: number;
}

const MARKS: Readonly<Record<Health, string>> = { complete: '✓', healthy: '●', waiting: '◌', trouble: '✗' };

export function diagnosisText(diagnosis: Diagnosis, { colour, columns }: PrintOptions): string {
  const chalk = new Chalk({ level: colour ? 1 : 0 });
  const parts = [
    `${paint(chalk, diagnosis.health)(MARKS[diagnosis.health])} ${chalk.bold(diagnosis.verdict)}`,
    ...evidenceParts(diagnosis.evidence, { chalk, columns }),
    ...suggestionParts(diagnosis.suggestions, { chalk, columns }),
  ];
  return `${parts.join('\n\n')}\n`;
}

interface Style {
  readonly chalk: ChalkInstance;
  readonly columns: number;
}

function paint(chalk: ChalkInstance, health: Health): ChalkInstance {
  switch (health) {
    case 'complete':
    case 'healthy':
      return chalk.green;
    case 'waiting':
      return chalk.yellow;
    case 'trouble':
      return chalk.red;
  }
}

/** Facts that follow one another stand together. */
function evidenceParts(evidence: readonly Evidence[], style: Style): string[] {
  const parts: string[][] = [];
  let facts: string[] | undefined;
  for (const piece of evidence) {
    if (piece.type === 'fact' || piece.type === 'event') {
      if (facts === undefined) parts.push((facts = []));
      facts.push(piece.type === 'fact' ? wrapText(piece.text, { columns: style.columns, indent: '  ' }) : eventText(piece, style));
      continue;
    }
    facts = undefined;
    parts.push(piece.type === 'log' ? logLines(piece, style) : piece.type === 'jobs' ? jobTable(piece, style) : attemptTable(piece, style));
  }
  return parts.map((lines) => lines.join('\n'));
}

function eventText({ reason, message, count }: Extract<Evidence, { type: 'event' }>, { columns }: Style): string {
  return wrapText(`event ${reason}${count > 1 ? ` (${count} times)` : ''}: ${message}`, { columns, indent: '  ' });
}

function logLines({ title, lines, isArchived }: Extract<Evidence, { type: 'log' }>, { chalk }: Style): string[] {
  return [`  ${chalk.dim(`${title}${isArchived ? ' (kept)' : ''}`)}`, ...lines.map((line) => `  ${chalk.dim('│')} ${line}`)];
}

function attemptTable({ title, attempts }: Extract<Evidence, { type: 'attempts' }>, { chalk }: Style): string[] {
  const shown = attempts.slice(-MAX_ATTEMPTS);
  const hidden = attempts.length - shown.length;
  const lines = aligned(shown.map((attempt, at) => attemptCells(attempt, hidden + at + 1)));
  return [`  ${chalk.dim(`${title}${hidden > 0 ? ` (the last ${shown.length} of ${attempts.length})` : ''}`)}`, ...lines];
}

function jobTable({ title, jobs }: Extract<Evidence, { type: 'jobs' }>, { chalk }: Style): string[] {
  return [`  ${chalk.dim(title)}`, ...aligned(jobs.map(jobCells))];
}

function jobCells({ name, state, startedAt, tookMs }: JobLine): string[] {
  const started = startedAt === undefined ? '' : new Date(startedAt).toTimeString().slice(0, 8);
  return [name, started, tookMs === undefined ? '' : `${humanDuration(tookMs)}`, state];
}

/** The first column of numbers stands right, as all columns of text left. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const isNumber = rows.every(([first = '']) => /^\d+$/.test(first));
  return rows.map((row) => `    ${row.map((cell, column) => (column === 0 && isNumber ? cell.padStart(widths[0]!) : cell.padEnd(widths[column]!))).join('  ')}`.trimEnd());
}

/** More are a list for the timeline. */
const MAX_ATTEMPTS = 8;

function attemptCells({ run, waitedMs }: AttemptLine, number: number): string[] {
  const started = run.startedAt === undefined ? '--:--:--' : new Date(run.startedAt).toTimeString().slice(0, 8);
  const ran = run.startedAt === undefined || run.finishedAt === undefined ? '' : `ran ${humanDuration(run.finishedAt - run.startedAt)}`;
  const wait = waitedMs === undefined ? '' : `${humanDuration(Math.round(waitedMs / 1_000) * 1_000)} after the one before`;
  return [String(number), ...(run.index === undefined ? [] : [`index ${run.index}`]), `${run.pod}${run.restart > 0 ? ` (restart ${run.restart})` : ''}`, started, ran, runEndText(run), wait];
}

function suggestionParts(suggestions: readonly string[], { chalk, columns }: Style): string[] {
  const unique = [...new Set(suggestions)];
  if (unique.length === 0) return [];
  const lines = unique.map((text) => (isCommand(text) ? `    ${chalk.cyan(text)}` : wrapText(text, { columns, indent: '    ' })));
  return [[`  ${chalk.dim('try')}`, ...lines].join('\n')];
}

/** A command is never wrapped: it is there to be copied. */
function isCommand(text: string): boolean {
  return /^(minik|docker) /.test(text);
}

// pure: attempts as a table.
import type { NumberedAttempt } from '../../api/attempt/number-attempts.ts';
import { humanDuration } from '../../api/duration-text.ts';
import { cellText } from '../printers/table.ts';
import { alignTabs, TABLE_ALIGNMENT } from '../printers/tab-align.ts';

/** Times as ages. The INDEX column is there for Indexed Jobs only. */
export function attemptTable(numbered: readonly NumberedAttempt[], now: number): string {
  const isIndexed = numbered.some(({ attempt }) => attempt.job?.index !== undefined);
  const head = ['ATTEMPT', ...(isIndexed ? ['INDEX'] : []), 'POD', 'CONTAINER', 'STARTED', 'DURATION', 'EXIT', 'REASON'];
  const rows = numbered.map((row) => cellsOf(row, { isIndexed, now }));
  return alignTabs(`${[head, ...rows].map((cells) => cells.map(cellText).join('\t')).join('\n')}\n`, TABLE_ALIGNMENT);
}

function cellsOf({ number, attempt }: NumberedAttempt, { isIndexed, now }: { readonly isIndexed: boolean; readonly now: number }): readonly unknown[] {
  const { pod, container, job, startedAt, finishedAt, exitCode, reason } = attempt;
  const began = startedAt === undefined ? undefined : Date.parse(startedAt);
  const ended = finishedAt === undefined ? now : Date.parse(finishedAt);
  return [
    number,
    ...(isIndexed ? [job?.index ?? ''] : []),
    pod,
    container,
    began === undefined ? '<unknown>' : `${humanDuration(now - began)} ago`,
    began === undefined ? '<unknown>' : humanDuration(ended - began),
    exitCode ?? '-',
    finishedAt === undefined ? 'Running' : (reason ?? ''),
  ];
}

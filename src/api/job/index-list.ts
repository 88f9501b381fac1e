// pure: the text form of index sets, "1,3-5,7": runs of three and more with a dash, a run of two with a comma.
import { clipRanges, type IndexRange } from './index-ranges.ts';

export type ParsedRanges = { readonly ok: true; readonly ranges: readonly IndexRange[] } | { readonly ok: false; readonly problem: string };

export function formatRanges(ranges: readonly IndexRange[]): string {
  return ranges.map(({ first, last }) => (first === last ? String(first) : `${first}${last === first + 1 ? ',' : '-'}${last}`)).join(',');
}

/** What a Job's status says, as far as it is below `completions`: those may have been lowered since it was written. */
export function storedRanges(text: string | undefined, completions: number): IndexRange[] {
  const parsed = parseIndexRanges(text ?? '', Number.POSITIVE_INFINITY);
  return parsed.ok ? clipRanges(parsed.ranges, completions) : [];
}

/** Ranges cost no more than their text, however many indexes they stand for. */
export function parseIndexRanges(text: string, completions: number): ParsedRanges {
  const ranges: IndexRange[] = [];
  for (const part of text === '' ? [] : text.split(',')) {
    const range = parseRange(part, completions);
    if (typeof range === 'string') return { ok: false, problem: range };
    const previous = ranges.at(-1)?.last;
    if (previous !== undefined && previous >= range.first) return { ok: false, problem: `non-increasing order, previous: ${previous}, current: ${range.first}` };
    ranges.push(range);
  }
  return { ok: true, ranges };
}

/** The range, or what is wrong with its text. */
function parseRange(text: string, completions: number): IndexRange | string {
  const ends = text.split('-');
  if (ends.length > 2) return `the fragment ${JSON.stringify(text)} violates the requirement that an index interval can have at most two parts separated by '-'`;
  const unreadable = ends.find((end) => !/^\d{1,10}$/.test(end));
  if (unreadable !== undefined) return `cannot convert string to integer for index: ${JSON.stringify(unreadable)}`;
  const [first = 0, last = first] = ends.map(Number);
  const tooLarge = [first, last].find((end) => end >= completions);
  if (tooLarge !== undefined) return `too large index: ${JSON.stringify(String(tooLarge))}`;
  return ends.length === 2 && first >= last ? `non-increasing order, previous: ${first}, current: ${last}` : { first, last };
}

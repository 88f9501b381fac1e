// pure: the text form of index sets, "1,3-5,7": runs of three and more with a dash, a run of two with a comma.

export interface IndexRange {
  readonly first: number;
  readonly last: number;
}

export type ParsedRanges = { readonly ok: true; readonly ranges: readonly IndexRange[] } | { readonly ok: false; readonly problem: string };

export function formatIndexes(indexes: Iterable<number>): string {
  const sorted = [...new Set(indexes)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let at = 0; at < sorted.length; ) {
    let end = at;
    while (end + 1 < sorted.length && sorted[end + 1] === sorted[end]! + 1) end += 1;
    if (end - at >= 2) parts.push(`${sorted[at]}-${sorted[end]}`);
    else parts.push(...sorted.slice(at, end + 1).map(String));
    at = end + 1;
  }
  return parts.join(',');
}

/** Undefined when the text is no ascending list of indexes below `completions`. */
export function parseIndexes(text: string, completions: number): number[] | undefined {
  const parsed = parseIndexRanges(text, completions);
  if (!parsed.ok) return undefined;
  return parsed.ranges.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, at) => first + at));
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

export function countIndexes(ranges: readonly IndexRange[]): number {
  return ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

/** The lowest index that is in both. */
export function firstOverlap(a: readonly IndexRange[], b: readonly IndexRange[]): number | undefined {
  for (const left of a) {
    const right = b.find(({ first, last }) => first <= left.last && left.first <= last);
    if (right !== undefined) return Math.max(left.first, right.first);
  }
  return undefined;
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

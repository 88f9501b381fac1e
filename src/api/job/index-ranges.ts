// pure: sets of completion indexes as ascending, disjoint runs. They cost no more than their text, however many indexes they
// stand for: a Job may have a hundred thousand.

export interface IndexRange {
  readonly first: number;
  readonly last: number;
}

export function rangesOf(indexes: Iterable<number>): IndexRange[] {
  return joined([...indexes].sort((a, b) => a - b).map((index) => ({ first: index, last: index })));
}

export function unionRanges(a: readonly IndexRange[], b: readonly IndexRange[]): IndexRange[] {
  if (b.length === 0) return [...a];
  return joined([...a, ...b].sort((one, other) => one.first - other.first));
}

/** Without the indexes from `completions` on. */
export function clipRanges(ranges: readonly IndexRange[], completions: number): IndexRange[] {
  return ranges.filter(({ first }) => first < completions).map(({ first, last }) => ({ first, last: Math.min(last, completions - 1) }));
}

export function countIndexes(ranges: readonly IndexRange[]): number {
  return ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

export function hasIndex(ranges: readonly IndexRange[], index: number): boolean {
  let [low, high] = [0, ranges.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle]!;
    if (index < range.first) high = middle - 1;
    else if (index > range.last) low = middle + 1;
    else return true;
  }
  return false;
}

/** The lowest index that is in both. */
export function firstOverlap(a: readonly IndexRange[], b: readonly IndexRange[]): number | undefined {
  return commonRanges(a, b)[0]?.first;
}

export function commonRanges(a: readonly IndexRange[], b: readonly IndexRange[]): IndexRange[] {
  const common: IndexRange[] = [];
  for (let [left, right] = [0, 0]; left < a.length && right < b.length; ) {
    const first = Math.max(a[left]!.first, b[right]!.first);
    const last = Math.min(a[left]!.last, b[right]!.last);
    if (first <= last) common.push({ first, last });
    if (a[left]!.last < b[right]!.last) left += 1;
    else right += 1;
  }
  return common;
}

/** The `count` lowest indexes below `completions` that are not in the set. */
export function lowestMissing(ranges: readonly IndexRange[], { count, completions }: { readonly count: number; readonly completions: number }): number[] {
  const missing: number[] = [];
  let candidate = 0;
  for (const { first, last } of [...ranges, { first: completions, last: completions }]) {
    for (; candidate < first && candidate < completions && missing.length < count; candidate += 1) missing.push(candidate);
    candidate = Math.max(candidate, last + 1);
  }
  return missing;
}

/** `ranges` ascend by their first index; those that touch or overlap become one. */
function joined(ranges: readonly IndexRange[]): IndexRange[] {
  const result: { first: number; last: number }[] = [];
  for (const { first, last } of ranges) {
    const previous = result.at(-1);
    if (previous !== undefined && first <= previous.last + 1) previous.last = Math.max(previous.last, last);
    else result.push({ first, last });
  }
  return result;
}

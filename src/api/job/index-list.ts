// pure: the text form of index sets, "1,3-5,7": runs of three and more with a dash, a run of two with a comma.

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
  if (text === '') return [];
  const indexes: number[] = [];
  for (const part of text.split(',')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (match === null) return undefined;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (first <= (indexes.at(-1) ?? -1) || last < first || last >= completions) return undefined;
    for (let index = first; index <= last; index += 1) indexes.push(index);
  }
  return indexes;
}

// pure: long reports keep their beginning and their end.

const MOST_LINES = 60;

/** `what` the lines are: "steps". */
export function cutInTheMiddle(lines: readonly string[], what: string): readonly string[] {
  if (lines.length <= MOST_LINES) return lines;
  const half = MOST_LINES / 2;
  return [...lines.slice(0, half), `... ${lines.length - 2 * half} ${what} more (--all shows everything)`, ...lines.slice(-half)];
}

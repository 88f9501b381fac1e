// pure: aligns tab-separated cells as Go's tabwriter does, which is what makes kubectl's columns look the way they do.
//
// A column is a run of adjacent lines that have a cell ended by a tab at that place; the last cell of a line belongs to
// no column and is never padded.

export interface AlignOptions {
  readonly minWidth: number;
  readonly padding: number;
  /** Widths of earlier calls: columns never become narrower than these, and the list is brought up to date. */
  readonly remembered?: number[];
}

/** kubectl's tables. */
export const TABLE_ALIGNMENT: AlignOptions = { minWidth: 6, padding: 3 };
/** kubectl describe. */
export const DESCRIBE_ALIGNMENT: AlignOptions = { minWidth: 0, padding: 2 };

export function alignTabs(text: string, options: AlignOptions): string {
  const lines = text.split('\n').map((line) => line.split('\t'));
  const out: string[] = [];
  alignBlock({ lines, out, options, widths: [] }, 0, lines.length);
  return out.join('\n');
}

interface Block {
  readonly lines: readonly (readonly string[])[];
  readonly out: string[];
  readonly options: AlignOptions;
  readonly widths: number[];
}

function alignBlock(block: Block, from: number, to: number): void {
  const column = block.widths.length;
  let start = from;
  for (let at = from; at < to; at++) {
    if (!hasColumn(block.lines[at]!, column)) continue;
    emit(block, start, at);
    start = at;
    let width = block.options.minWidth;
    for (; at < to && hasColumn(block.lines[at]!, column); at++) {
      width = Math.max(width, widthOf(block.lines[at]![column]!) + block.options.padding);
    }
    block.widths.push(remember(block, width));
    alignBlock(block, start, at);
    block.widths.pop();
    start = at;
  }
  emit(block, start, to);
}

function hasColumn(line: readonly string[], column: number): boolean {
  return column < line.length - 1;
}

function remember({ options, widths }: Block, width: number): number {
  const { remembered } = options;
  if (remembered === undefined) return width;
  const column = widths.length;
  remembered[column] = Math.max(remembered[column] ?? 0, width);
  return remembered[column];
}

function emit({ lines, out, widths }: Block, from: number, to: number): void {
  for (const line of lines.slice(from, to)) {
    out.push(line.map((cell, index) => (index < widths.length ? cell + ' '.repeat(widths[index]! - widthOf(cell)) : cell)).join(''));
  }
}

/** Code points, as Go counts; the common case needs no copy. */
function widthOf(text: string): number {
  return /^[\x00-\x7f]*$/.test(text) ? text.length : [...text].length;
}

// pure: breaks sentences at spaces so that they stay within the terminal.
import { plainText } from '../runs/plain-text.ts';

export interface WrapOptions {
  readonly columns: number;
  /** Put before every line. */
  readonly indent: string;
}

/** Very wide terminals are no reason for very long lines. */
const WIDEST = 110;

export function wrapText(text: string, { columns, indent }: WrapOptions): string {
  const width = Math.max(Math.min(columns, WIDEST) - indent.length, 20);
  const lines = plainText(text).split('\n').flatMap((line) => wrapLine(line, width));
  return lines.map((line, at) => `${indent}${at === 0 ? '' : '  '}${line}`).join('\n');
}

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    const room = lines.length === 0 ? width : width - 2;
    if (current !== '' && current.length + 1 + word.length > room) {
      lines.push(current);
      current = word;
    } else {
      current = current === '' ? word : `${current} ${word}`;
    }
  }
  return [...lines, current];
}

// pure: cuts a file into its documents: YAML ones at the "---" lines, JSON ones where a value ends.

export interface DocumentText {
  readonly text: string;
  /** Of its first line in the file, from 1. */
  readonly line: number;
}

export class SeparatorError extends Error {
  override name = 'SeparatorError';
  readonly line: number;

  constructor(rest: string, line: number) {
    super(`invalid Yaml document separator: ${rest}`);
    this.line = line;
  }
}

/** Cut before parsing, so that one broken document leaves the others alone. */
export function splitDocuments(text: string): DocumentText[] {
  const documents: DocumentText[] = [];
  const lines = text.replace(/^\ufeff/, '').split('\n');
  let first = 0;
  const close = (end: number): void => {
    documents.push({ text: lines.slice(first, end).join('\n') + (end < lines.length ? '\n' : ''), line: first + 1 });
  };
  lines.forEach((line, at) => {
    if (!line.startsWith('---')) return;
    const rest = line.slice(3).trim();
    if (rest !== '' && !rest.startsWith('#')) throw new SeparatorError(rest, at + 1);
    close(at);
    first = at + 1;
  });
  close(lines.length);
  return documents.flatMap(splitJson);
}

/** Several JSON values one after the other; one piece for anything else. */
function splitJson(document: DocumentText): DocumentText[] {
  if (!document.text.trimStart().startsWith('{')) return [document];
  const pieces: DocumentText[] = [];
  let rest = document.text;
  let line = document.line;
  while (rest.trim() !== '') {
    const end = jsonValueEnd(rest);
    if (end === undefined) return [document];
    const blank = rest.length - rest.trimStart().length;
    line += countLines(rest.slice(0, blank));
    pieces.push({ text: rest.slice(blank, end), line });
    line += countLines(rest.slice(blank, end));
    rest = rest.slice(end);
  }
  return pieces;
}

function countLines(text: string): number {
  return text.split('\n').length - 1;
}

/** Where the braces that open first are closed; undefined when that is no JSON. */
function jsonValueEnd(text: string): number | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '"') at = stringEnd(text, at);
    else if (char === '{' || char === '[') depth++;
    else if ((char === '}' || char === ']') && --depth === 0) return at + 1;
    else if (depth === 0 && !/\s/.test(char)) return undefined;
  }
  return undefined;
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

// pure: one YAML scalar as go-yaml writes it: plain if it reads back as the same string, else the lightest quoting that works.

export interface ScalarPlace {
  /** Column of continuation lines. */
  readonly indent: number;
  readonly column: number;
  readonly isKey: boolean;
}

/** Lines are broken at the first space past this column. */
const BEST_WIDTH = 80;

export function scalarText(value: unknown, place: ScalarPlace): string {
  if (typeof value !== 'string') return value === undefined ? 'null' : String(value);
  const facts = analyze(value);
  if (value.includes('\n') && facts.blockAllowed && !place.isKey) return literal(value, place.indent);
  if (!value.includes('\n') && !readsAsAnotherType(value)) {
    if (facts.plainAllowed) return folded(value, place);
    if (facts.singleAllowed) return folded(`'${value.replaceAll("'", "''")}'`, place);
  }
  return doubleQuoted(value, place);
}

interface Facts {
  readonly plainAllowed: boolean;
  readonly singleAllowed: boolean;
  readonly blockAllowed: boolean;
}

function analyze(text: string): Facts {
  const special = /[^\n\x20-\x7e\x85\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u.test(text);
  const spaceBreak = / \n/.test(text);
  const breakSpace = /\n /.test(text);
  const indicators =
    /^(---|\.\.\.)/.test(text) ||
    /^[#,[\]{}&*!|>'"%@`]/.test(text) ||
    /^[?:-](\s|$)/.test(text) ||
    /:(\s|$)/.test(text) ||
    /\s#/.test(text);
  const edgeSpace = /^[ \n]|[ \n]$/.test(text);
  return {
    plainAllowed: !special && !indicators && !edgeSpace && !text.includes('\n') && text !== '',
    singleAllowed: !special && !spaceBreak && !breakSpace,
    blockAllowed: !special && !spaceBreak && !text.endsWith(' '),
  };
}

const WORDS = new Set(
  ['', '~', 'y', 'n', 'yes', 'no', 'true', 'false', 'on', 'off', 'null', '.nan', '.inf', '-.inf', '+.inf'].flatMap((word) => [
    word,
    word.toUpperCase(),
    word.replace(/[a-z]/, (first) => first.toUpperCase()),
  ]),
);
WORDS.add('.NaN');

/** Text that YAML 1.1 would read as null, a boolean, a number, a base-60 number or a date. */
function readsAsAnotherType(text: string): boolean {
  if (WORDS.has(text)) return true;
  if (!/^[-+.\d]/.test(text)) return false;
  const digits = text.replaceAll('_', '');
  return (
    /^[-+]?(0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|[1-9]\d*|0)$/.test(digits) ||
    /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(digits) ||
    /^[-+]?\d[\d_]*(:[0-5]?\d)+(\.[\d_]*)?$/.test(text) ||
    /^\d{4}-\d{1,2}-\d{1,2}([Tt ]\d{1,2}:\d{1,2}:\d{1,2}(\.\d+)?([Zz]|[-+]\d{2}:\d{2})?)?$/.test(text)
  );
}

function literal(text: string, indent: number): string {
  const hint = /^[ \n]/.test(text) ? '2' : '';
  const chomp = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  const lines = body.split('\n').map((line) => (line === '' ? '' : ' '.repeat(indent) + line));
  return `|${hint}${chomp}\n${lines.join('\n')}`;
}

function folded(text: string, place: ScalarPlace): string {
  if (place.isKey || place.column + text.length <= BEST_WIDTH) return text;
  let out = '';
  let column = place.column;
  for (let at = 0; at < text.length; at++) {
    const alone = text[at] === ' ' && text[at - 1] !== ' ' && text[at + 1] !== ' ' && at > 0 && at < text.length - 1;
    if (alone && column > BEST_WIDTH) {
      out += `\n${' '.repeat(place.indent)}`;
      column = place.indent;
    } else {
      out += text[at];
      column++;
    }
  }
  return out;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function doubleQuoted(text: string, place: ScalarPlace): string {
  const chars = [...text];
  let out = '"';
  let column = place.column + 1;
  chars.forEach((char, at) => {
    const breakable = char === ' ' && chars[at - 1] !== ' ' && at > 0 && at < chars.length - 1 && !place.isKey;
    if (breakable && column > BEST_WIDTH) {
      out += `\n${' '.repeat(place.indent)}${chars[at + 1] === ' ' ? '\\' : ''}`;
      column = place.indent;
      return;
    }
    const written = ESCAPES[char] ?? (isPrintable(char) ? char : escaped(char));
    out += written;
    column += written.length;
  });
  return `${out}"`;
}

function isPrintable(char: string): boolean {
  return /^[\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]$/u.test(char);
}

function escaped(char: string): string {
  const code = char.codePointAt(0)!;
  if (code <= 0xff) return `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`;
  if (code <= 0xffff) return `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return `\\U${code.toString(16).toUpperCase().padStart(8, '0')}`;
}

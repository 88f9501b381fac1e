// pure: base64 text in its one stored form; line breaks inside are allowed and dropped.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PLAIN = /^(?:[A-Za-z0-9+/]{4})*$/;

export type DecodedBase64 = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string };

export function decodeBase64(text: string): DecodedBase64 {
  if (text.length % 4 === 0 && !text.endsWith('=') && isPlain(text)) return { ok: true, text };
  const broken = firstBrokenByte(text);
  if (broken !== undefined) return { ok: false, problem: `illegal base64 data at input byte ${broken}` };
  return { ok: true, text: withoutSpareBits(text.replace(/[\r\n]/g, '')) };
}

/** In pieces: one match over megabytes is more than the expression engine's stack holds. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at += 4096) if (!PLAIN.test(text.slice(at, at + 4096))) return false;
  return true;
}

/** Where Go's decoder stops: at a foreign character, or where the last group of four begins that is cut short. */
function firstBrokenByte(text: string): number | undefined {
  let inGroup = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]!;
    if (char === '\n' || char === '\r') continue;
    if (char === '=') return brokenPadding(text, { at, inGroup });
    if (!ALPHABET.includes(char)) return at;
    inGroup = (inGroup + 1) % 4;
  }
  return inGroup === 0 ? undefined : text.length - inGroup;
}

/** From the first "=" on. */
function brokenPadding(text: string, { at, inGroup }: { readonly at: number; readonly inGroup: number }): number | undefined {
  if (inGroup < 2) return at;
  const skipBreaks = (from: number): number => from + /^[\r\n]*/.exec(text.slice(from))![0].length;
  let next = skipBreaks(at + 1);
  if (inGroup === 2) {
    if (next === text.length) return text.length;
    if (text[next] !== '=') return next;
    next = skipBreaks(next + 1);
  }
  return next === text.length ? undefined : next;
}

/** "YR==" holds the same byte as "YQ==": the bits that no byte uses are stored as zeros. */
function withoutSpareBits(text: string): string {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  if (padding === 0) return text;
  const last = text.length - padding - 1;
  const spare = padding === 2 ? 16 : 4;
  const index = ALPHABET.indexOf(text[last]!);
  return `${text.slice(0, last)}${ALPHABET[index - (index % spare)]}${'='.repeat(padding)}`;
}

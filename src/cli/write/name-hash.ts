// The suffix of --append-hash: a hash of the contents, in letters that spell no words.
import { createHash } from 'node:crypto';
import { compactJson } from '../printers/json.ts';

const LETTERS: Readonly<Record<string, string>> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' };

export function contentHash(content: object): string {
  const hex = createHash('sha256').update(compactJson(content)).digest('hex').slice(0, 10);
  return [...hex].map((digit) => LETTERS[digit] ?? digit).join('');
}

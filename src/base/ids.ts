// Randomness as an injected power: uids, the suffixes of generated names, draws.
import { randomBytes, randomInt, randomUUID } from 'node:crypto';

export interface Ids {
  /** A new RFC 4122 uid. */
  uid(): string;
  /** `length` characters of upstream's name alphabet, which has no vowels and no look-alikes. */
  suffix(length: number): string;
  /** A whole number from 0 up to `limit`, which it never reaches. */
  below(limit: number): number;
}

const NAME_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

export const randomIds: Ids = {
  uid: () => randomUUID(),
  suffix: (length) => Array.from(randomBytes(length), (byte) => NAME_ALPHABET[byte % NAME_ALPHABET.length]).join(''),
  below: (limit) => randomInt(limit),
};

// Random identity as an injected power: uids and the suffixes of generated names.
import { randomBytes, randomUUID } from 'node:crypto';

export interface Ids {
  /** A new RFC 4122 uid. */
  uid(): string;
  /** `length` characters of upstream's name alphabet, which has no vowels and no look-alikes. */
  suffix(length: number): string;
}

const NAME_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

export const randomIds: Ids = {
  uid: () => randomUUID(),
  suffix: (length) => Array.from(randomBytes(length), (byte) => NAME_ALPHABET[byte % NAME_ALPHABET.length]).join(''),
};

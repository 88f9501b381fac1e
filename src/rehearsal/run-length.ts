// pure: how long a container runs in the rehearsal.
import type { Random } from './random.ts';

/** All in milliseconds. */
export type RunLength =
  | { readonly type: 'fixed'; readonly ms: number }
  | { readonly type: 'between'; readonly leastMs: number; readonly mostMs: number }
  /** As long as one of earlier runs, picked at random; never empty. */
  | { readonly type: 'like'; readonly samples: readonly number[] };

export function pickLength(length: RunLength, random: Random): number {
  switch (length.type) {
    case 'fixed':
      return length.ms;
    case 'between':
      return Math.round(length.leastMs + random() * (length.mostMs - length.leastMs));
    case 'like':
      return length.samples[Math.floor(random() * length.samples.length)]!;
  }
}

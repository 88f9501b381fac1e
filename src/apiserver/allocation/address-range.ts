// pure: a range of numbers of which some are taken. Whoever asks for no number in particular gets one of the upper band, so
// that the low ones are left to those who choose theirs by hand; the low ones go last.

export interface NumberRange {
  readonly first: number;
  readonly last: number;
  /** How many of the lowest are kept for those who ask for them. */
  readonly kept: number;
}

/** Draws before the range is searched in order: enough while it is not nearly full. */
const DRAWS = 16;

/** kube: a sixteenth of the range, at least 16 and at most 256 numbers. */
export function keptAddresses(size: number): number {
  return keptOf(size, { least: 16, most: 256, share: 16 });
}

/** kube: a thirty-second of the range, at least 16 and at most 128 numbers. */
export function keptPorts(size: number): number {
  return keptOf(size, { least: 16, most: 128, share: 32 });
}

function keptOf(size: number, { least, most, share }: { readonly least: number; readonly most: number; readonly share: number }): number {
  if (size <= least) return 0;
  return Math.min(Math.max(Math.floor(size / share), least), most);
}

/** `below` draws a whole number from 0 up to its argument, which it never reaches. undefined: the range is full. */
export function pickFree({ first, last, kept }: NumberRange, isTaken: (number: number) => boolean, below: (limit: number) => number): number | undefined {
  const bands = [
    [first + kept, last],
    [first, first + kept - 1],
  ] as const;
  for (const [low, high] of bands) {
    const size = high - low + 1;
    if (size <= 0) continue;
    for (let draw = 0; draw < DRAWS; draw += 1) {
      const drawn = low + below(size);
      if (!isTaken(drawn)) return drawn;
    }
    const start = below(size);
    for (let step = 0; step < size; step += 1) {
      const next = low + ((start + step) % size);
      if (!isTaken(next)) return next;
    }
  }
  return undefined;
}

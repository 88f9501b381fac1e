// Lets a loop sleep until something beats: what beats while nobody waits is not lost on who asked for `next` before.
export interface Pulse {
  readonly beat: () => void;
  readonly next: () => Promise<void>;
}

export function pulse(): Pulse {
  let waiting = Promise.withResolvers<void>();
  return {
    beat: () => {
      waiting.resolve();
      waiting = Promise.withResolvers();
    },
    next: () => waiting.promise,
  };
}

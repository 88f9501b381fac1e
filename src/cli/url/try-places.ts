// Which of several addresses answers: all are tried at once, and the best that does is taken.
import { connect } from 'node:net';
import type { Place } from './plan-urls.ts';

const TRY_MS = 1_000;

/** Undefined: none. */
export async function firstAnswering(places: readonly Place[]): Promise<Place | undefined> {
  const answers = places.map(answersAt);
  for (const [at, answer] of answers.entries()) if (await answer) return places[at];
  return undefined;
}

function answersAt({ host, port }: Place): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: TRY_MS });
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    socket.once('timeout', () => finish(false));
  });
}

// What Ctrl-C means to somebody who follows Jobs: asked about on a terminal, else the end of the Jobs.
import { createInterface } from 'node:readline/promises';
import type { CliContext, Interrupt } from '../context.ts';
import type { RunDisplay } from './display.ts';

/** `delete`: the Jobs go. `leave`: they run on without being followed. */
export type Wish = 'delete' | 'leave';

export interface Interruption {
  /** Resolves when it is known what is wanted; never, when nobody interrupts. */
  readonly wish: Promise<Wish>;
  /** Resolves when somebody interrupts the deletion, too. */
  readonly again: Promise<void>;
  /** Undefined: nobody has decided anything. */
  decided(): Wish | undefined;
  /** Takes back a question that is still open: there is nothing left to delete. */
  withdraw(): void;
  /** Gives the interrupts back. */
  end(): void;
}

export interface InterruptionOptions {
  readonly display: RunDisplay;
  /** "job.batch/a and job.batch/b": what would be deleted; '' when nothing is ours. */
  readonly owned: () => string;
}

export function holdInterrupts(context: CliContext, { display, owned }: InterruptionOptions): Interruption {
  const wish = Promise.withResolvers<Wish>();
  const again = Promise.withResolvers<void>();
  const closing = new AbortController();
  let decided: Wish | undefined;
  let asking = false;
  const decide = (what: Wish): void => {
    if (decided !== undefined) return again.resolve();
    decided = what;
    closing.abort();
    wish.resolve(what);
  };
  const hear = (by: Interrupt): void => {
    if (owned() === '') return decide('leave');
    if (by === 'SIGTERM' || asking || decided !== undefined || !canAsk(context)) return decide('delete');
    asking = true;
    const question = `\nDelete ${owned()}? [y/N]; press Ctrl-C again to delete `;
    void display.ask(question, () => readAnswer(context, closing.signal)).then((isYes) => isYes !== undefined && decide(isYes ? 'delete' : 'leave'));
  };
  const release = context.interrupts.hold(hear);
  return {
    wish: wish.promise,
    again: again.promise,
    decided: () => decided,
    withdraw: () => closing.abort(),
    end: release,
  };
}

function canAsk({ stdin, err }: CliContext): boolean {
  return err.isTerminal && (stdin as { isTTY?: boolean }).isTTY === true;
}

/** Undefined when the question is no longer open. */
async function readAnswer(context: CliContext, signal: AbortSignal): Promise<boolean | undefined> {
  const lines = createInterface({ input: context.stdin });
  try {
    const line = await new Promise<string | undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
      lines.once('line', resolve);
      lines.once('close', () => resolve(''));
    });
    if (line === undefined) await context.err.write('\n');
    return line === undefined ? undefined : /^y(es)?$/i.test(line.trim());
  } finally {
    lines.close();
  }
}

// Gathers what went wrong with single objects while the others go on; at the end prints each, with a hint where one helps.
import { StatusError } from '../../api/status-error.ts';
import { TransportError } from '../../client/client.ts';
import type { CliContext } from '../context.ts';
import { errorText } from '../error-text.ts';

export interface Failures {
  /** `hint` is a line for stderr behind the error. */
  add(error: unknown, hint?: string): void;
  /** Prints them and gives the exit code. */
  finish(): Promise<number>;
}

export function createFailures(context: CliContext, first: readonly unknown[] = []): Failures {
  const failed: { readonly error: unknown; readonly hint?: string }[] = first.map((error) => ({ error }));
  return {
    add(error, hint) {
      // Nobody would answer the next request either; Ctrl-C means all of it.
      if (error instanceof TransportError || context.signal.aborted) throw error;
      failed.push({ error, hint });
    },
    async finish() {
      for (const { error, hint } of failed) await context.err.write(errorText(error) + (hint === undefined ? '' : `${hint}\n`));
      return failed.length === 0 ? 0 : 1;
    },
  };
}

/** The same error, saying what was tried and for which file. */
export function errorWhen(doing: string, { error, file }: { readonly error: unknown; readonly file: string }): unknown {
  const prefix = `error when ${doing} ${JSON.stringify(file)}: `;
  if (error instanceof StatusError) return new StatusError({ ...error.status, message: prefix + (error.status.message ?? '') }, { cause: error });
  if (error instanceof TransportError || !(error instanceof Error)) return error;
  return new Error(prefix + error.message, { cause: error });
}

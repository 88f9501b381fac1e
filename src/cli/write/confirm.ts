// Asks before something that cannot be undone.
import { createInterface } from 'node:readline/promises';
import type { CliContext } from '../context.ts';

/** Anything but "y" or "yes" means no; so does the end of the input. */
export async function confirm(context: CliContext, question: string): Promise<boolean> {
  await context.out.write(`${question} (y/N): `);
  const lines = createInterface({ input: context.stdin });
  try {
    for await (const line of lines) return /^y(es)?$/i.test(line.trim());
    return false;
  } finally {
    lines.close();
  }
}

// pure: "a=b,c=d" as kubectl's flags take labels.
import { UsageError } from '../context.ts';

/** Throws UsageError for a pair without a key or an equals sign. `what`: "label", "annotation". */
export function parsePairs(pairs: readonly string[], what: string): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      if (equals <= 0) throw new UsageError(`unexpected ${what} spec: ${pair}`);
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}

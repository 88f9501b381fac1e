// The printer that -o names for what is no object of the API: a table or a name of it there is none.
import { UsageError } from '../context.ts';
import { createObjectPrinter, type PrintObject } from './object-printer.ts';

/** Undefined without -o: it is printed for people then. */
export async function createReportPrinter(output: string | undefined): Promise<PrintObject | undefined> {
  if (output === undefined) return undefined;
  const print = output === 'name' ? undefined : await createObjectPrinter({ output });
  if (print === undefined) throw new UsageError(`--output must be json, yaml, jsonpath=... or go-template=..., not "${output}"`);
  return print;
}

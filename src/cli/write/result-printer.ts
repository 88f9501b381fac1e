// Says what was done to an object: "job.batch/x created", or the object itself in the form that -o names.
import type { KubeObject } from '../../api/object.ts';
import { UsageError, type CliContext } from '../context.ts';
import { createObjectPrinter, typeAndName, type PrintFlags } from '../printers/object-printer.ts';
import { dryRunOf, dryRunText, type WriteFlags } from './write-flags.ts';

export interface ResultPrinter {
  /** -o asked for the objects, not for what was done. */
  readonly printsObjects: boolean;
  print(object: KubeObject, done: string): Promise<void>;
}

export async function createResultPrinter(context: CliContext, flags: PrintFlags & Pick<WriteFlags, 'dryRun'>): Promise<ResultPrinter> {
  refuseTables(flags.output);
  const suffix = dryRunText(dryRunOf(flags));
  const printer = await createObjectPrinter(flags);
  return {
    printsObjects: printer !== undefined,
    print: (object, done) => context.out.write(printer === undefined ? `${displayName(object)} ${done}${suffix}\n` : printer(object)),
  };
}

/** "job.batch/x"; an object that has no name yet is "<unknown>". */
export function displayName(object: KubeObject): string {
  const text = typeAndName(object);
  return text.endsWith('/') ? `${text}<unknown>` : text;
}

const FORMATS = 'go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,yaml';

/** The server makes tables of what it has stored; a write has one object in hand. */
function refuseTables(output: string | undefined): void {
  if (output !== undefined && /^(wide|custom-columns.*)$/.test(output)) {
    throw new UsageError(`unable to match a printer suitable for the output format "${output}", allowed formats are: ${FORMATS}`);
  }
}

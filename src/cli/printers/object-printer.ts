// Chooses the printer that -o names. Each is loaded only when asked for.
import { readFile } from 'node:fs/promises';
import type { KubeObject } from '../../api/object.ts';
import { UsageError } from '../context.ts';

export interface PrintFlags {
  readonly output?: string;
  readonly template?: string;
  readonly showManagedFields?: boolean;
  /** Default: true, as kubectl's. */
  readonly allowMissingTemplateKeys?: boolean;
  readonly noHeaders?: boolean;
}

/** One object, or a List of them, to text. Keeps what repeated calls need: YAML separators, headers printed once. */
export type PrintObject = (object: unknown) => string;

const FORMATS = [
  'custom-columns',
  'custom-columns-file',
  'go-template',
  'go-template-file',
  'json',
  'jsonpath',
  'jsonpath-as-json',
  'jsonpath-file',
  'name',
  'template',
  'templatefile',
  'wide',
  'yaml',
];

/** Undefined when objects are to be printed as tables: no -o, or -o wide. */
export async function createObjectPrinter(flags: PrintFlags): Promise<PrintObject | undefined> {
  const printer = await choosePrinter(flags);
  if (printer === undefined || flags.showManagedFields === true) return printer;
  return (object) => printer(withoutManagedFields(object));
}

/** The List that kubectl prints for several objects. */
export function listOf(items: readonly unknown[]): unknown {
  return { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } };
}

async function choosePrinter(flags: PrintFlags): Promise<PrintObject | undefined> {
  const { format, argument } = splitOutput(flags);
  switch (format) {
    case '':
    case 'wide':
      return undefined;
    case 'json':
      return (await import('./json.ts')).jsonText;
    case 'yaml':
      return yamlPrinter();
    case 'name':
      return nameText;
    case 'jsonpath':
    case 'jsonpath-file':
    case 'jsonpath-as-json':
      return jsonPathPrinter(format, { argument, flags });
    case 'custom-columns':
    case 'custom-columns-file':
      return customColumnsPrinter(format, { argument, flags });
    case 'go-template':
    case 'go-template-file':
    case 'template':
    case 'templatefile':
      return goTemplatePrinter(format, { argument, flags });
    default:
      throw new UsageError(`unable to match a printer suitable for the output format "${flags.output}", allowed formats are: ${FORMATS.join(',')}`);
  }
}

function splitOutput({ output = '', template }: PrintFlags): { readonly format: string; readonly argument: string | undefined } {
  if (output === '' && template !== undefined) return { format: 'go-template', argument: template };
  const equals = output.indexOf('=');
  if (equals < 0) return { format: output, argument: template };
  return { format: output.slice(0, equals), argument: output.slice(equals + 1) };
}

async function yamlPrinter(): Promise<PrintObject> {
  const { yamlText } = await import('./yaml.ts');
  let printed = 0;
  return (object) => `${printed++ > 0 ? '---\n' : ''}${yamlText(object)}`;
}

interface Chosen {
  readonly argument: string | undefined;
  readonly flags: PrintFlags;
}

async function jsonPathPrinter(format: string, { argument, flags }: Chosen): Promise<PrintObject> {
  const template = await templateText(format, { argument, fromFile: format === 'jsonpath-file' });
  const options = { allowMissingKeys: flags.allowMissingTemplateKeys !== false };
  const { findAll, renderParts } = await import('./jsonpath.ts');
  const { parseJsonPath } = await import('./jsonpath-parser.ts');
  const parts = parseJsonPath(template);
  const { jsonText } = await import('./json.ts');
  return (object) => {
    try {
      return format === 'jsonpath-as-json' ? jsonText(findAll(parts, object, options)) : renderParts(parts, object, options);
    } catch (error) {
      throw new UsageError(`error executing jsonpath ${JSON.stringify(template)}: ${(error as Error).message}`, { cause: error });
    }
  };
}

async function customColumnsPrinter(format: string, { argument, flags }: Chosen): Promise<PrintObject> {
  const { parseCustomColumns, parseCustomColumnsFile, renderCustomColumns } = await import('./custom-columns.ts');
  const text = await templateText(format, { argument, fromFile: format === 'custom-columns-file' });
  const columns = format === 'custom-columns-file' ? parseCustomColumnsFile(text) : parseCustomColumns(text);
  const remembered: number[] = [];
  let noHeaders = flags.noHeaders === true;
  return (object) => {
    const rendered = renderCustomColumns(columns, itemsOf(object) ?? [object], { noHeaders, remembered });
    noHeaders = true;
    return rendered;
  };
}

async function goTemplatePrinter(format: string, { argument, flags }: Chosen): Promise<PrintObject> {
  const fromFile = format === 'go-template-file' || format === 'templatefile';
  const text = await templateText(format, { argument, fromFile });
  const { parseGoTemplate } = await import('./go-template-parser.ts');
  const { renderGoTemplate } = await import('./go-template.ts');
  const template = parseGoTemplate(text);
  return (object) => renderGoTemplate(template, object, { allowMissingKeys: flags.allowMissingTemplateKeys !== false });
}

async function templateText(
  format: string,
  { argument, fromFile }: { readonly argument: string | undefined; readonly fromFile: boolean },
): Promise<string> {
  if (argument === undefined || argument === '') throw new UsageError(`template format specified but no template given`);
  if (!fromFile) return argument;
  return readFile(argument, 'utf8').catch((error: Error) => {
    throw new UsageError(`error reading --template ${argument}, ${error.message} (for ${format})`);
  });
}

/** "pod/x", "job.batch/x": a line an object. */
export function nameText(object: unknown): string {
  const items = itemsOf(object);
  if (items !== undefined) return items.map(nameText).join('');
  return `${typeAndName(object as KubeObject)}\n`;
}

/** "pod/x", "job.batch/x". */
export function typeAndName({ apiVersion = '', kind = '', metadata }: KubeObject): string {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : `.${apiVersion.slice(0, slash)}`;
  return `${kind.toLowerCase()}${group}/${metadata?.name ?? ''}`;
}

function itemsOf(object: unknown): readonly unknown[] | undefined {
  const { kind, items } = object as { readonly kind?: string; readonly items?: unknown };
  return kind?.endsWith('List') === true && Array.isArray(items) ? items : undefined;
}

function withoutManagedFields(object: unknown): unknown {
  const items = itemsOf(object);
  if (items !== undefined) return { ...(object as object), items: items.map(withoutManagedFields) };
  const { metadata } = object as KubeObject;
  if (metadata?.managedFields === undefined) return object;
  const { managedFields: _dropped, ...rest } = metadata;
  return { ...(object as object), metadata: rest };
}

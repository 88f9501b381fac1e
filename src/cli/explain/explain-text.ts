// pure: a kind or a field of it in the words of its schema, laid out as kubectl explain does.
import { fieldsOf, inner, typeText, type Field, type OpenApiDocument, type OpenApiSchema } from './openapi-schema.ts';

const WIDTH = 80;
const MOST_VALUES = 4;

export function headerText({ group, kind, version }: { readonly group: string; readonly kind: string; readonly version: string }): string {
  return `${group === '' ? '' : `GROUP:      ${group}\n`}KIND:       ${kind}\nVERSION:    ${version}\n\n`;
}

/** `field`: undefined for the kind itself. */
export function explainText(document: OpenApiDocument, { schema, field }: { readonly schema: OpenApiSchema; readonly field: Field | undefined }, recursive: boolean): string {
  const subject = field?.schema ?? schema;
  const fields = fieldsOf(document, subject);
  const list = fields.length === 0 ? '' : `FIELDS:\n${fields.map((one) => fieldText(document, one, { level: 0, recursive, within: [subject] })).join('')}`;
  return `${field === undefined ? '' : titleText(document, field)}${descriptionText(document, subject)}${list}\n`;
}

function titleText(document: OpenApiDocument, field: Field): string {
  const values = field.schema.enum ?? [];
  const listed = values.length === 0 ? '\n\n' : `ENUM:\n${values.map((value) => `    ${valueText(value)}\n`).join('')}\n`;
  return `FIELD: ${field.name} <${typeText(document, field.schema)}>\n${listed}`;
}

/** An empty value would not be seen. */
function valueText(value: unknown): string {
  return value === '' ? '""' : String(value);
}

/** The texts of the schema and of all that stands behind it. */
function descriptionText(document: OpenApiDocument, schema: OpenApiSchema): string {
  const texts = descriptionsOf(document, schema);
  const all = texts.length === 0 ? ['<empty>'] : texts;
  return `DESCRIPTION:\n${indented(`${all.map((text) => wrapped(text, WIDTH - 4)).join('\n')}\n`, 4)}\n`;
}

function descriptionsOf(document: OpenApiDocument, schema: OpenApiSchema): string[] {
  const own = schema.description ?? '';
  return [...(own === '' ? [] : [own]), ...inner(document, schema).flatMap((behind) => descriptionsOf(document, behind))];
}

interface Place {
  readonly level: number;
  readonly recursive: boolean;
  /** Schemas that are being shown: one that holds itself is not gone into again. */
  readonly within: readonly OpenApiSchema[];
}

function fieldText(document: OpenApiDocument, field: Field, { level, recursive, within }: Place): string {
  const pad = '  '.repeat(level + 1);
  const head = `${pad}${field.name}\t<${typeText(document, field.schema)}>${field.isRequired ? ' -required-' : ''}\n${enumLine(field.schema, pad)}`;
  if (!recursive) return `${head}${indented(wrapped(field.schema.description || '<no description>', WIDTH - pad.length - 2), pad.length + 2)}\n\n`;
  const behind = targetsOf(document, field.schema);
  if (behind.some((one) => within.includes(one))) return head;
  const deeper = { level: level + 1, recursive, within: [...within, ...behind] };
  return head + fieldsOf(document, field.schema).map((one) => fieldText(document, one, deeper)).join('');
}

function targetsOf(document: OpenApiDocument, schema: OpenApiSchema): readonly OpenApiSchema[] {
  return inner(document, schema).flatMap((behind) => [...(behind.properties === undefined ? [] : [behind]), ...targetsOf(document, behind)]);
}

function enumLine({ enum: values = [] }: OpenApiSchema, pad: string): string {
  if (values.length === 0) return '';
  const shown = values.slice(0, MOST_VALUES).map(valueText).join(', ');
  return `${pad}enum: ${shown}${values.length > MOST_VALUES ? ', ....' : ''}\n`;
}

function indented(text: string, by: number): string {
  const pad = ' '.repeat(by);
  return `${pad}${text.replaceAll('\n', `\n${pad}`)}`;
}

/** Broken at spaces only, which stay as they are within a line. */
function wrapped(text: string, width: number): string {
  return text.split('\n').map((line) => wrappedLine(line, width)).join('\n');
}

function wrappedLine(line: string, width: number): string {
  const lines: string[] = [];
  let current = '';
  for (const [, space = '', word = ''] of line.matchAll(/(\s*)(\S+)/g)) {
    if (current !== '' && current.length + space.length + word.length > width) {
      lines.push(current);
      current = word;
    } else current += space + word;
  }
  return [...lines, current].join('\n');
}

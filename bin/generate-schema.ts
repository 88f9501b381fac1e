// Writes src/api/generated/schema.ts (field types for decoding and patching) and descriptions.ts (texts for explain and
// OpenAPI, loaded only there), from the official client's models and our tables of facts.
import { BODY_MODELS, SERVED } from '../src/api/kinds.ts';
import { ENUM_FACTS } from './enum-facts.ts';
import { fieldText } from './field-texts.ts';
import { PATCH_FACTS } from './patch-facts.ts';
import { loadModels, type Field, type Model } from './schema-models.ts';
import { ORIGIN, writeGenerated } from './write-generated.ts';

/** "[]V1Container", "{}string", "int32", "date", "V1PodSpec": see src/api/schema/schema.ts. */
function typeText(field: Field, type = field.type): string {
  const list = /^Array<(.+)>$/.exec(type);
  if (list) return `[]${typeText(field, list[1])}`;
  const map = /^\{ \[key: string\]: (.+); \}$/.exec(type);
  if (map) return `{}${typeText(field, map[1])}`;
  switch (type) {
    case 'string':
      return field.format === 'byte' ? 'bytes' : isQuantity(field) ? 'quantity' : 'string';
    case 'number':
      return field.format === '' ? 'double' : field.format;
    case 'boolean':
      return 'bool';
    case 'Date':
      return 'date';
    case 'V1MicroTime':
      return 'microdate';
    case 'IntOrString':
      return 'intOrString';
    case 'any':
    case 'object':
      return 'any';
    default:
      return type;
  }
}

const QUANTITIES = new Set(['limits', 'requests', 'capacity', 'allocatable', 'sizeLimit', 'divisor', 'overhead', 'allocatedResources', 'hard', 'used', 'usage']);

function isQuantity({ jsonName, type }: Field): boolean {
  return QUANTITIES.has(jsonName) && type !== 'number';
}

function schemaRow(model: Model): string {
  const fields = model.fields.map((field) => {
    const path = `${model.name}.${field.jsonName}`;
    const row = { type: typeText(field), ...(field.required ? { required: true } : {}), ...PATCH_FACTS[path], enum: ENUM_FACTS[path] };
    return `    ${JSON.stringify(field.jsonName)}: ${JSON.stringify(row)},`;
  });
  return `  ${model.name}: {\n${fields.join('\n')}\n  },`;
}

/** Scalars that the client leaves without a text keep none. */
function modelText(model: Model, { jsonName, type }: Field): string {
  return /^(?:[A-Z][a-z]+)?V\d/.test(type) ? fieldText(model.name, jsonName) : '';
}

function descriptionRow(model: Model): string {
  const texts = [['', model.description], ...model.fields.map((field) => [field.jsonName, field.description || modelText(model, field)])];
  return `    ${model.name}: ${JSON.stringify(Object.fromEntries(texts.filter(([, text]) => text !== '')))},`;
}

const models = await loadModels([...SERVED.map((row) => row.model), ...BODY_MODELS]);
const unknown = [...Object.keys(PATCH_FACTS), ...Object.keys(ENUM_FACTS)].filter((path) => {
  const [model, field] = path.split('.');
  const found = models.find(({ name }) => name === model);
  return found !== undefined && !found.fields.some(({ jsonName }) => jsonName === field);
});
if (unknown.length > 0) throw new Error(`facts name fields that do not exist: ${unknown.join(', ')}`);

writeGenerated(
  'schema.ts',
  `${ORIGIN}\nimport type { ModelSchema } from '../schema/schema.ts';\n\nexport const SCHEMA: Readonly<Record<string, ModelSchema>> = {\n${models.map(schemaRow).join('\n')}\n};\n`,
);
// A function, so that the texts take neither time nor memory until someone asks for them.
writeGenerated(
  'descriptions.ts',
  `${ORIGIN}\n\n/** Model -> field -> text; '' is the model itself. Made anew by each call. */\nexport function descriptions(): Readonly<Record<string, Readonly<Record<string, string>>>> {\n  return {\n${models.map(descriptionRow).join('\n')}\n  };\n}\n`,
);

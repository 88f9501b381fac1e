// Writes src/api/generated/types.ts: TypeScript shapes of every served kind, from the official client's models.
import { BODY_MODELS, SERVED } from '../src/api/kinds.ts';
import { loadModels, type Model } from './schema-models.ts';
import { ORIGIN, writeGenerated } from './write-generated.ts';

/** Names that would shadow a JavaScript global, or that exist in two groups. */
const RENAMED: Record<string, string> = { CoreV1Event: 'CoreEvent', EventsV1Event: 'EventsEvent', CoreV1EventSeries: 'CoreEventSeries', EventsV1EventSeries: 'EventsEventSeries', CoreV1EndpointPort: 'EndpointPort', DiscoveryV1EndpointPort: 'EndpointSlicePort', AuthenticationV1TokenRequest: 'TokenRequest' };

export function typeName(model: string): string {
  return RENAMED[model] ?? model.replace(/^(?:Core|Batch|Events|Discovery)?V\d+(?:(?:alpha|beta)\d+)?/, '');
}

function tsType(type: string): string {
  const array = /^Array<(.+)>$/.exec(type);
  if (array) return `${tsType(array[1]!)}[]`;
  const map = /^\{ \[key: string\]: (.+); \}$/.exec(type);
  if (map) return `Record<string, ${tsType(map[1]!)}>`;
  switch (type) {
    case 'string':
    case 'number':
    case 'boolean':
      return type;
    case 'Date':
    case 'V1MicroTime':
      return 'string';
    case 'IntOrString':
      return 'number | string';
    case 'any':
    case 'object':
      return 'unknown';
    default:
      return typeName(type);
  }
}

function emit(model: Model): string {
  const fields = model.fields.map((field) => {
    const type = tsType(field.type);
    return `  ${field.required ? field.jsonName : `${field.jsonName}?`}: ${type};`.replace('number | string[]', '(number | string)[]');
  });
  return `export interface ${typeName(model.name)} {\n${fields.join('\n')}\n}\n`;
}

const models = await loadModels([...SERVED.map((row) => row.model), ...BODY_MODELS]);
writeGenerated('types.ts', [`${ORIGIN}\n`, ...models.map(emit)].join('\n'));

// Reads the generated models of @kubernetes/client-node: fields, types and formats from attributeTypeMap, requiredness and descriptions from the .d.ts.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MEASURED_MODELS } from './measured-models.ts';

export interface Field {
  /** The name on the wire. */
  readonly jsonName: string;
  /** As attributeTypeMap has it: "string", "Array<V1Container>", "{ [key: string]: string; }", "V1PodSpec", "Date". */
  readonly type: string;
  readonly format: string;
  readonly required: boolean;
  readonly description: string;
}

export interface Model {
  readonly name: string;
  readonly description: string;
  readonly fields: readonly Field[];
}

const MODELS_DIR = join(dirname(createRequire(import.meta.url).resolve('@kubernetes/client-node')), 'gen', 'models');
const PRIMITIVES = new Set(['string', 'number', 'boolean', 'Date', 'V1MicroTime', 'IntOrString', 'any', 'object']);

/** The models named and all that they refer to, each once, sorted by name. */
export async function loadModels(roots: readonly string[]): Promise<Model[]> {
  const found = new Map<string, Model>();
  const queue = [...roots];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue;
    const model = MEASURED_MODELS[name] ?? (await loadModel(name));
    found.set(name, model);
    for (const field of model.fields) {
      const inner = elementType(field.type);
      if (!PRIMITIVES.has(inner)) queue.push(inner);
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The type inside arrays and maps. */
export function elementType(type: string): string {
  const wrapped = /^Array<(.+)>$/.exec(type) ?? /^\{ \[key: string\]: (.+); \}$/.exec(type);
  return wrapped ? elementType(wrapped[1]!) : type;
}

async function loadModel(name: string): Promise<Model> {
  const file = join(MODELS_DIR, `${name}.js`);
  const module = (await import(pathToFileURL(file).href)) as Record<string, { attributeTypeMap: { name: string; baseName: string; type: string; format: string }[] }>;
  const declaration = readFileSync(join(MODELS_DIR, `${name}.d.ts`), 'utf8');
  const body = declaration.slice(declaration.indexOf('export declare class'));
  const head = declaration.slice(0, declaration.indexOf('export declare class'));
  return {
    name,
    description: commentText(/\/\*\*\n((?:(?!\*\/)[\s\S])*)\*\/\n$/.exec(head)?.[1] ?? ''),
    fields: module[name]!.attributeTypeMap.map(({ name: member, baseName, type, format }) => {
      const found = new RegExp(`(?:/\\*\\*\\n((?:(?!\\*/)[\\s\\S])*)\\*/\\n\\s*)?'${member.replace(/\$/g, '\\$')}'(\\??):`).exec(body);
      return {
        jsonName: baseName,
        type,
        format,
        required: found?.[2] === '',
        description: commentText(found?.[1] ?? ''),
      };
    }),
  };
}

function commentText(block: string): string {
  return block.replace(/^\s*\* ?/gm, '').replace(/\\(['"])/g, '$1').trim();
}

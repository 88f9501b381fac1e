// pure: the one schema that strict decoding, patches, explain and OpenAPI share.
import { SCHEMA } from '../generated/schema.ts';

export interface FieldSchema {
  /**
   * "string", "bytes", "quantity", "int32", "int64", "double", "bool", "date", "microdate", "intOrString", "any", or a
   * model; "[]" in front makes a list of it, "{}" a map by string.
   */
  readonly type: string;
  readonly required?: boolean;
  readonly strategy?: 'merge' | 'retainKeys' | 'merge,retainKeys';
  readonly mergeKey?: string;
  readonly listType?: 'map' | 'set';
  readonly mapKeys?: readonly string[];
  /** The only values; of a list, its items' only values. */
  readonly enum?: readonly string[];
}

export type ModelSchema = Readonly<Record<string, FieldSchema>>;

export type TypeShape =
  | { readonly shape: 'list'; readonly of: string }
  | { readonly shape: 'map'; readonly of: string }
  | { readonly shape: 'model'; readonly fields: ModelSchema; readonly model: string }
  | { readonly shape: 'scalar'; readonly scalar: string };

export function shapeOf(type: string): TypeShape {
  if (type.startsWith('[]')) return { shape: 'list', of: type.slice(2) };
  if (type.startsWith('{}')) return { shape: 'map', of: type.slice(2) };
  const fields = SCHEMA[type];
  return fields === undefined ? { shape: 'scalar', scalar: type } : { shape: 'model', fields, model: type };
}

export function modelFields(model: string): ModelSchema {
  const fields = SCHEMA[model];
  if (fields === undefined) throw new Error(`no schema was generated for ${model}`);
  return fields;
}

/** The schema of a field of a model, or of an entry of a map; undefined where none describes it. */
export function fieldOf(type: string | undefined, name: string): FieldSchema | undefined {
  if (type === undefined) return undefined;
  const shape = shapeOf(type);
  if (shape.shape === 'map') return { type: shape.of };
  return shape.shape === 'model' && Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
}

// pure: the field that somebody meant who wrote another: "command" for "comand".
import { findResourceByKind } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { modelFields, shapeOf, type ModelSchema } from '../../api/schema/schema.ts';
import { editDistance } from '../edit-distance.ts';

/** `path` leads to the field that is unknown. Undefined when nothing is close. */
export function suggestField({ apiVersion = '', kind = '' }: KubeObject, path: readonly (string | number)[]): string | undefined {
  const model = findResourceByKind(apiVersion, kind)?.model;
  const given = path.at(-1);
  if (model === undefined || typeof given !== 'string') return undefined;
  const fields = path.slice(0, -1).reduce(fieldsBelow, modelFields(model));
  return nearest(given, Object.keys(fields ?? {}));
}

function fieldsBelow(fields: ModelSchema | undefined, step: string | number): ModelSchema | undefined {
  // A list has the fields of its items.
  if (typeof step === 'number') return fields;
  const field = fields?.[step];
  return field === undefined ? undefined : fieldsOf(field.type);
}

function fieldsOf(type: string): ModelSchema | undefined {
  const shape = shapeOf(type);
  if (shape.shape === 'model') return shape.fields;
  return shape.shape === 'list' ? fieldsOf(shape.of) : undefined;
}

function nearest(given: string, names: readonly string[]): string | undefined {
  const lower = given.toLowerCase();
  const ranked = names.map((name) => ({ name, distance: editDistance(name.toLowerCase(), lower) })).sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= Math.max(1, Math.floor(given.length / 3)) ? best.name : undefined;
}

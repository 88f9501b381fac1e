// pure: where in the manifest the fields stand that the server found fault with.
import type { Status } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Source } from '../manifests/manifest.ts';
import { positionOf } from '../manifests/positions.ts';
import { suggestField } from './field-suggestion.ts';

/** One line a field: "  job.yaml:12:9: spec.containers[0].comand: did you mean command?"; undefined when there is none to show. */
export function fieldPlaces(status: Status, { source, object }: { readonly source: Source; readonly object: KubeObject }): string | undefined {
  const lines = fieldsOf(status).flatMap(({ field, unknown }) => {
    const path = parsePath(field);
    const found = nearest(source, path);
    if (found === undefined) return [];
    const meant = unknown ? suggestField(object, path) : undefined;
    return [`  ${source.name}:${found.line}:${found.column}: ${field}${meant === undefined ? '' : `: did you mean ${meant}?`}`];
  });
  return lines.length === 0 ? undefined : [...new Set(lines)].join('\n');
}

interface Named {
  readonly field: string;
  /** No such field is in the kind's schema. */
  readonly unknown: boolean;
}

function fieldsOf({ details, message = '' }: Status): Named[] {
  const causes = (details?.causes ?? []).flatMap(({ field }) => (field === undefined || field === '' ? [] : [{ field, unknown: false }]));
  const decoding = [...message.matchAll(/(unknown|duplicate) field "([^"]+)"/g)].map(([, what, field]) => ({ field: field!, unknown: what === 'unknown' }));
  const types = [...message.matchAll(/Go struct field \w+\.(\S+) of type/g)].map((match) => ({ field: match[1]!, unknown: false }));
  return [...causes, ...decoding, ...types];
}

/** The field itself, or, when it is missing, the closest thing around it. Nothing below the kind's own fields is no help. */
function nearest(source: Source, path: readonly (string | number)[]): ReturnType<typeof positionOf> {
  for (let length = path.length; length > 0; length--) {
    const found = positionOf(source, path.slice(0, length));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** "spec.containers[0].env[name=\"A\"].value", "metadata.labels[a.b/c]" to steps. */
export function parsePath(field: string): (string | number)[] {
  return [...field.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)].map(([, index, key]) => {
    if (key !== undefined) return key;
    return /^\d+$/.test(index!) ? Number(index) : index!;
  });
}

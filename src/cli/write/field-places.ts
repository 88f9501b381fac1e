// pure: where in the manifest the fields stand that the server found fault with.
import type { Status } from '../../api/generated/types.ts';
import type { Source } from '../manifests/manifest.ts';
import { positionOf } from '../manifests/positions.ts';

/** One line a field: "  job.yaml:12:9: spec.template.spec.containers[0].comand"; undefined when there is none to show. */
export function fieldPlaces(status: Status, source: Source): string | undefined {
  const lines = fieldsOf(status).flatMap((field) => {
    const found = nearest(source, parsePath(field));
    return found === undefined ? [] : [`  ${source.name}:${found.line}:${found.column}: ${field}`];
  });
  return lines.length === 0 ? undefined : [...new Set(lines)].join('\n');
}

function fieldsOf({ details, message = '' }: Status): string[] {
  const causes = (details?.causes ?? []).flatMap(({ field }) => (field === undefined || field === '' ? [] : [field]));
  const decoding = [...message.matchAll(/(?:unknown|duplicate) field "([^"]+)"/g)].map((match) => match[1]!);
  const types = [...message.matchAll(/Go struct field \w+\.(\S+) of type/g)].map((match) => match[1]!);
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

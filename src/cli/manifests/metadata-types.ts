// pure: the types of metadata that must be right before an object can be named or sent; the server checks all the rest.

export interface MetadataProblem {
  readonly path: readonly string[];
  /** As Go's JSON decoder words it. */
  readonly text: string;
  /** Quotes would make it a string. */
  readonly quotable: boolean;
}

export function metadataProblem({ metadata }: { readonly metadata?: unknown }): MetadataProblem | undefined {
  if (metadata === undefined || metadata === null) return undefined;
  if (!isMap(metadata)) return mismatch(metadata, { path: ['metadata'], field: 'metadataOnlyObject.metadata', type: 'v1.ObjectMeta' });
  for (const name of ['name', 'namespace', 'generateName']) {
    const problem = stringProblem(metadata[name], { path: ['metadata', name], field: `ObjectMeta.metadata.${name}` });
    if (problem !== undefined) return problem;
  }
  for (const name of ['labels', 'annotations']) {
    const problem = mapProblem(metadata[name], name);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function mapProblem(map: unknown, name: string): MetadataProblem | undefined {
  if (map === undefined || map === null) return undefined;
  const field = `ObjectMeta.metadata.${name}`;
  if (!isMap(map)) return mismatch(map, { path: ['metadata', name], field, type: 'map[string]string' });
  for (const [key, value] of Object.entries(map)) {
    const problem = stringProblem(value, { path: ['metadata', name, key], field });
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function stringProblem(value: unknown, at: { readonly path: readonly string[]; readonly field: string }): MetadataProblem | undefined {
  if (value === undefined || value === null || typeof value === 'string') return undefined;
  return mismatch(value, { ...at, type: 'string' });
}

function mismatch(
  value: unknown,
  { path, field, type }: { readonly path: readonly string[]; readonly field: string; readonly type: string },
): MetadataProblem {
  return {
    path,
    text: `json: cannot unmarshal ${jsonType(value)} into Go struct field ${field} of type ${type}`,
    quotable: type === 'string' && (typeof value === 'number' || typeof value === 'boolean'),
  };
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// pure: the annotation in which apply remembers what it applied, so that the next apply knows what was taken out.
import { LAST_APPLIED } from '../../api/meta/last-applied.ts';
import type { KubeObject } from '../../api/object.ts';
import { compactJson } from '../printers/json.ts';

/** The manifest with itself, as text, in the annotation: byte for byte what kubectl writes. */
export function withLastApplied(manifest: KubeObject): KubeObject {
  const bare = withoutLastApplied(manifest);
  const annotations = { ...bare.metadata?.annotations, [LAST_APPLIED]: `${compactJson(bare)}\n` };
  return { ...bare, metadata: { ...bare.metadata, annotations } };
}

/** With annotations, if only none: an apply that writes "annotations" and one that does not must mean the same. */
export function withoutLastApplied(manifest: KubeObject): KubeObject {
  const { [LAST_APPLIED]: _old, ...annotations } = manifest.metadata?.annotations ?? {};
  return { ...manifest, metadata: { ...manifest.metadata, annotations } };
}

/** What was applied last; undefined when the annotation is missing or is no JSON object. */
export function lastAppliedOf(object: KubeObject): KubeObject | undefined {
  const text = object.metadata?.annotations?.[LAST_APPLIED];
  if (text === undefined || text === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

// pure: one object of a manifest file, with the place it came from, and the errors that manifests can have.
import type { KubeObject } from '../../api/object.ts';

export interface Manifest {
  /** apiVersion and kind are there. */
  readonly object: KubeObject & { readonly apiVersion: string; readonly kind: string };
  readonly source: Source;
}

export interface Source {
  /** As messages quote it: a path, a URL, or STDIN. */
  readonly name: string;
  /** Where the document begins, from 1. */
  readonly line: number;
  /** The document's own text: positions of fields are looked up in it when something is wrong. */
  readonly text: string;
  /** Where in the document the object is: ["items", 2] for one of a List's. */
  readonly path: readonly (string | number)[];
}

export class ManifestError extends Error {
  override name = 'ManifestError';
}

/** "job.yaml" as Go quotes it in messages. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

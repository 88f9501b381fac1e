// From the names behind -f to objects with their place on the server; errors of single documents are kept apart.
import type { CliContext } from '../context.ts';
import { locateManifest, type LocatedManifest } from './locate.ts';
import { ManifestError } from './manifest.ts';
import { parseManifests } from './parse-manifests.ts';
import { readSources } from './read-sources.ts';

export interface LoadedManifests {
  readonly manifests: readonly LocatedManifest[];
  readonly errors: readonly unknown[];
  /** Printed as "Warning: ..." unless validation is switched off. */
  readonly warnings: readonly string[];
}

export async function loadManifests(
  context: CliContext,
  names: readonly string[],
  options: { readonly recursive?: boolean },
): Promise<LoadedManifests> {
  const stdin = context.stdin as NodeJS.ReadableStream & AsyncIterable<unknown>;
  const { texts, errors: readErrors } = await readSources(names, { recursive: options.recursive === true, stdin, signal: context.signal });
  const errors: unknown[] = [...readErrors];
  const warnings: string[] = [];
  const manifests: LocatedManifest[] = [];
  for (const { name, text } of texts) {
    const parsed = parseManifests(text, name);
    errors.push(...parsed.errors);
    warnings.push(...parsed.warnings);
    if (parsed.manifests.length === 0) continue;
    const resources = await context.resources();
    for (const manifest of parsed.manifests) {
      try {
        manifests.push(locateManifest(manifest, resources, context));
      } catch (error) {
        if (!(error instanceof ManifestError)) throw error;
        errors.push(error);
      }
    }
  }
  return { manifests, errors, warnings };
}

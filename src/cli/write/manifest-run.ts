// The way of every verb with -f: load, warn, select, do one after the other, report.
import { matchesLabels, parseLabelSelector } from '../../api/label-selector.ts';
import { StatusError } from '../../api/status-error.ts';
import { UsageError, type CliContext } from '../context.ts';
import { loadManifests } from '../manifests/load-manifests.ts';
import type { LocatedManifest } from '../manifests/locate.ts';
import { createFailures, type Failures } from './failures.ts';
import { fieldPlaces } from './field-places.ts';
import { fieldValidationOf, filesOf, type FileFlags, type ValidateFlags } from './write-flags.ts';

export interface ManifestRun {
  readonly manifests: readonly LocatedManifest[];
  readonly failures: Failures;
}

export async function startManifestRun(
  context: CliContext,
  flags: FileFlags & ValidateFlags & { readonly selector?: string },
): Promise<ManifestRun> {
  const { manifests, errors, warnings } = await loadManifests(context, filesOf(flags), flags);
  if (fieldValidationOf(flags) !== 'Ignore') for (const warning of warnings) await context.err.write(`Warning: ${warning}\n`);
  return { manifests: selected(manifests, flags.selector), failures: createFailures(context, errors) };
}

function selected(manifests: readonly LocatedManifest[], selector: string | undefined): readonly LocatedManifest[] {
  if (selector === undefined || selector === '') return manifests;
  const parsed = parseLabelSelector(selector);
  return manifests.filter(({ object }) => matchesLabels(parsed, object.metadata?.labels ?? {}));
}

/** Runs `each` for every manifest; one that fails does not stop the others. */
export async function runManifests(
  { manifests, failures }: ManifestRun,
  each: (manifest: LocatedManifest) => Promise<void>,
  hintOf: (manifest: LocatedManifest, error: unknown) => string | undefined = placesHint,
): Promise<number> {
  for (const manifest of manifests) {
    try {
      await each(manifest);
    } catch (error) {
      failures.add(error, hintOf(manifest, error));
    }
  }
  return failures.finish();
}

export function placesHint(manifest: LocatedManifest, error: unknown): string | undefined {
  return error instanceof StatusError ? fieldPlaces(error.status, manifest) : undefined;
}

export function requireFiles(flags: FileFlags): void {
  if (filesOf(flags).length === 0) throw new UsageError('must specify one of -f and -k');
}

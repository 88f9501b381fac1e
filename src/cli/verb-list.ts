// Every verb and the file it lives in. A file is loaded when its verb is typed, so that one verb never pays for another.
import type { RegisterVerb } from './context.ts';

export interface VerbEntry {
  /** The verb and its aliases. */
  readonly names: readonly string[];
  readonly load: () => Promise<RegisterVerb>;
}

/** In the order in which help shows them. */
export const VERBS: readonly VerbEntry[] = [
  { names: ['get'], load: async () => (await import('./verbs/get.ts')).registerGet },
  { names: ['apply'], load: async () => (await import('./verbs/apply.ts')).registerApply },
  { names: ['create'], load: async () => (await import('./verbs/create.ts')).registerCreate },
  { names: ['delete'], load: async () => (await import('./verbs/delete.ts')).registerDelete },
  { names: ['patch'], load: async () => (await import('./verbs/patch.ts')).registerPatch },
  { names: ['replace'], load: async () => (await import('./verbs/replace.ts')).registerReplace },
  { names: ['label'], load: async () => (await import('./verbs/label.ts')).registerLabel },
  { names: ['annotate'], load: async () => (await import('./verbs/annotate.ts')).registerAnnotate },
  { names: ['run'], load: async () => (await import('./verbs/run.ts')).registerRun },
  { names: ['diff'], load: async () => (await import('./verbs/diff.ts')).registerDiff },
  { names: ['edit'], load: async () => (await import('./verbs/edit.ts')).registerEdit },
];

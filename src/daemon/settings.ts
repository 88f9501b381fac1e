// What a home was told once to hold to: settings.json, written by `minik start`, kept until `minik reset`.
import { readFile } from 'node:fs/promises';
import { DEFAULT_ATTEMPT_LIMITS, readAttemptLimits, type AttemptLimits } from '../api/attempt/attempt-limits.ts';
import { StartError } from './home.ts';
import type { HomePaths } from './paths.ts';

export interface Settings {
  readonly attempts: AttemptLimits;
}

/** Throws StartError for settings that cannot be held to: limits that are ignored would remove what was to be kept. */
export async function loadSettings({ settings: path }: HomePaths): Promise<Settings> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? undefined : Promise.reject(error)));
  if (text === undefined) return { attempts: DEFAULT_ATTEMPT_LIMITS };
  const read = readAttemptLimits(parse(path, text)['attempts'] ?? {});
  if (!read.ok) throw new StartError(`${path}: ${read.problem}`);
  return { attempts: read.limits };
}

function parse(path: string, text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new StartError(`${path} is not JSON: ${(error as Error).message}`, { cause: error });
  }
  throw new StartError(`${path} must hold an object`);
}

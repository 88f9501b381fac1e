// What a home was told once to hold to: settings.json, written by `minik start`, kept until `minik reset`.
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { DEFAULT_ATTEMPT_LIMITS, readAttemptLimits, type AttemptLimits } from '../api/attempt/attempt-limits.ts';
import { StartError } from './home.ts';
import type { HomePaths } from './paths.ts';

export interface Settings {
  readonly attempts: AttemptLimits;
  /** Addresses of this host that node ports are opened on besides the usual ones. */
  readonly nodeAddresses: readonly string[];
}

/** Throws StartError for settings that cannot be held to: limits that are ignored would remove what was to be kept. */
export async function loadSettings({ settings: path }: HomePaths): Promise<Settings> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? undefined : Promise.reject(error)));
  if (text === undefined) return { attempts: DEFAULT_ATTEMPT_LIMITS, nodeAddresses: [] };
  const { attempts = {}, nodeAddresses = [] } = parse(path, text);
  const read = readAttemptLimits(attempts);
  if (!read.ok) throw new StartError(`${path}: ${read.problem}`);
  if (!areAddresses(nodeAddresses)) throw new StartError(`${path}: nodeAddresses must be a list of IP addresses, not ${JSON.stringify(nodeAddresses)}`);
  return { attempts: read.limits, nodeAddresses };
}

function areAddresses(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((address) => typeof address === 'string' && isIP(address) !== 0);
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

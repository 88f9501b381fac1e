// The home's settings.json: what `minik start` was told, kept for every later start.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { AttemptLimits } from '../../api/attempt/attempt-limits.ts';
import { UsageError } from '../context.ts';

export interface HomeSettings {
  readonly attempts?: Partial<AttemptLimits>;
  readonly nodeAddresses?: readonly string[];
}

/** Of --node-address flags; 'none' takes back what was given before. */
export function nodeAddressesOf(addresses: readonly string[] | undefined): Pick<HomeSettings, 'nodeAddresses'> {
  if (addresses === undefined) return {};
  if (addresses.length === 1 && addresses[0] === 'none') return { nodeAddresses: [] };
  const wrong = addresses.find((address) => isIP(address) === 0);
  if (wrong !== undefined) throw new UsageError(`--node-address must be an IP address of this host such as 192.168.1.20, or 0.0.0.0 for all of them, not "${wrong}"`);
  return { nodeAddresses: [...new Set(addresses)] };
}

/** True when the settings are other ones now: a daemon that runs does not know them. */
export async function saveSettings(home: string, change: HomeSettings, options: { readonly dryRun: boolean }): Promise<boolean> {
  const path = join(home, 'settings.json');
  const before = await readSettings(path);
  const after = { ...before, ...change, attempts: { ...before.attempts, ...change.attempts } };
  if (JSON.stringify(after) === JSON.stringify({ ...before, attempts: { ...before.attempts } })) return false;
  if (options.dryRun) return true;
  await writeFile(`${path}.${process.pid}.tmp`, `${JSON.stringify(after, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.${process.pid}.tmp`, path);
  return true;
}

async function readSettings(path: string): Promise<HomeSettings> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as HomeSettings;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

// Which slot each home of this user keeps, running or not: a file a slot that names the home. What such a file says counts
// only while the home says the same, so that nothing has to be taken back when a home is removed.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { NETWORK_SLOTS } from '../api/service/cluster-network.ts';
import { homePaths, type HomePaths } from './paths.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const SLOTS = Array.from({ length: NETWORK_SLOTS }, (_, slot) => slot);

/** $XDG_STATE_HOME/minik/slots */
export function slotNotesFolder(env: Environment): string {
  return join(env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'minik', 'slots');
}

/** The slots that other homes will want back. */
export async function keptByOthers(folder: string, { home: own }: HomePaths): Promise<ReadonlySet<number>> {
  const kept = await Promise.all(
    SLOTS.map(async (slot) => {
      const home = (await readFile(noteOf(folder, slot), 'utf8').catch(() => '')).trim();
      return home !== '' && home !== own && (await readSlot(homePaths({ MINIK_HOME: home }))) === slot;
    }),
  );
  return new Set(SLOTS.filter((slot) => kept[slot]));
}

/** Best effort: where it cannot be written, two homes that take turns may want the same slot, and the second is told so. */
export async function noteSlot(folder: string, slot: number, { home }: HomePaths): Promise<void> {
  const note = noteOf(folder, slot);
  if ((await readFile(note, 'utf8').catch(() => '')).trim() === home) return;
  await mkdir(folder, { recursive: true, mode: 0o700 }).then(() => writeFile(note, `${home}\n`)).catch(() => {});
}

/** What a home keeps. What cannot be read is as good as not there: only Services that exist could object, and they are asked. */
export async function readSlot({ network }: HomePaths): Promise<number | undefined> {
  const text = await readFile(network, 'utf8').catch(() => '');
  const slot = Number(/"slot":\s*(\d+)/.exec(text)?.[1] ?? Number.NaN);
  return slot < NETWORK_SLOTS ? slot : undefined;
}

function noteOf(folder: string, slot: number): string {
  return join(folder, String(slot));
}

// The archive on the disk. An attempt is there from the moment its facts are: its log is written before them, and each
// file appears whole, by a rename. What a crash leaves over is a file without facts, removed at the next scan.
import { mkdir, open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Attempt } from '../../api/attempt/attempt.ts';
import { parseAttempt } from '../../api/attempt/parse-attempt.ts';
import type { Logger } from '../../base/log.ts';
import { attemptPath, FACTS, LOG, sortFolder, TEMPORARY } from './attempt-path.ts';

const FOLDERS_AT_ONCE = 64;

export class AttemptFiles {
  readonly #folder: string;
  readonly #log: Logger;

  constructor(folder: string, log: Logger) {
    this.#folder = folder;
    this.#log = log;
  }

  /** On the disk for good when it returns. */
  async write(attempt: Attempt, log: Uint8Array): Promise<void> {
    const path = this.#pathOf(attempt);
    try {
      await writeBoth(path, { attempt, log });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      // The last attempt of the same Pod was removed just then, and its folder with it.
      await writeBoth(path, { attempt, log });
    }
  }

  /** Empty when none was kept. */
  async readLog(attempt: Attempt): Promise<Uint8Array> {
    return attempt.logBytes === 0 ? new Uint8Array() : readFile(this.#pathOf(attempt) + LOG);
  }

  /** The facts first: without them the rest counts for nothing. */
  async remove(attempt: Attempt): Promise<void> {
    const path = this.#pathOf(attempt);
    await rm(path + FACTS, { force: true });
    await rm(path + LOG, { force: true });
    await rmdir(dirname(path)).catch(() => {});
  }

  /** Every attempt that is there; clears away what a crash left. Nothing may be written meanwhile. */
  async *scan(): AsyncGenerator<Attempt> {
    for (const namespace of await namesIn(this.#folder)) {
      const pods = await namesIn(join(this.#folder, namespace));
      for (let at = 0; at < pods.length; at += FOLDERS_AT_ONCE) {
        const found = await Promise.all(pods.slice(at, at + FOLDERS_AT_ONCE).map((podUid) => this.#scanPod(`${namespace}/${podUid}`)));
        yield* found.flat();
      }
    }
  }

  async #scanPod(path: string): Promise<readonly Attempt[]> {
    const folder = join(this.#folder, path);
    const { attempts, leftovers } = sortFolder(await namesIn(folder));
    for (const name of leftovers) await rm(join(folder, name), { force: true });
    if (attempts.length === 0) await rmdir(folder).catch(() => {});
    const read = await Promise.all(attempts.map(async (name) => ({ name, attempt: await this.#readFacts(join(folder, name + FACTS)) })));
    return read.flatMap(({ name, attempt }) => (attempt !== undefined && attemptPath(attempt) === `${path}/${name}` ? [attempt] : []));
  }

  async #readFacts(path: string): Promise<Attempt | undefined> {
    try {
      const attempt = parseAttempt(JSON.parse(await readFile(path, 'utf8')));
      if (attempt !== undefined) return attempt;
      this.#log.warn('a file of the archive holds no attempt', { path });
    } catch (error) {
      this.#log.warn('a file of the archive could not be read', { path, error });
    }
    return undefined;
  }

  #pathOf(attempt: Attempt): string {
    const path = attemptPath(attempt);
    if (path === undefined) throw new Error(`an attempt of "${attempt.namespace}/${attempt.podUid}/${attempt.container}" has no place in the archive`);
    return join(this.#folder, path);
  }
}

async function writeBoth(path: string, { attempt, log }: { readonly attempt: Attempt; readonly log: Uint8Array }): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const facts = Buffer.from(`${JSON.stringify(attempt)}\n`);
  await Promise.all([...(log.length === 0 ? [] : [writeSynced(path + LOG + TEMPORARY, log)]), writeSynced(path + FACTS + TEMPORARY, facts)]);
  if (log.length > 0) await rename(path + LOG + TEMPORARY, path + LOG);
  await rename(path + FACTS + TEMPORARY, path + FACTS);
  await syncFolder(folder);
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Renames are on the disk only with their folder. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

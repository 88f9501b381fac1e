// A lock between processes that survives none of them: a file with the holder's pid, taken over when the holder is gone.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const POLL_MS = 200;

/** Runs `work` alone among all processes that use the same name; says so once when it has to wait. */
export async function withLock(name, say, work) {
  // Each user has their own: in a shared folder nobody may remove another's stale file.
  const path = join(tmpdir(), `${name}-${process.getuid?.() ?? 'user'}.lock`);
  let waited = false;
  while (!take(path)) {
    if (!waited) say(`waiting for another set-up to finish (${path})`);
    waited = true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(path) {
  // Linking makes the lock appear with its holder in it, all at once.
  const mine = `${path}.new.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, path);
    process.once('exit', () => holderOf(path) === process.pid && rmSync(path, { force: true }));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const holder = holderOf(path);
    if (holder !== undefined && !isAlive(holder)) discard(path, holder);
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Of several that find the lock stale, one moves it away; the others find it gone, or a new holder's. */
function discard(path, holder) {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    if (holderOf(aside) !== holder) renameSync(aside, path);
    else rmSync(aside, { force: true });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

/** Undefined when there is no lock. */
function holderOf(path) {
  try {
    return Number(readFileSync(path, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

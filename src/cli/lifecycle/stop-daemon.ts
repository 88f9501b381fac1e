// Ends a home's daemon: TERM, and KILL when it does not go.
import { readDaemonStatus } from './daemon-status.ts';
import { UsageError } from '../context.ts';

const TERM_MS = 15_000;
const POLL_MS = 20;

/** The pid that was ended; undefined when none ran. */
export async function stopDaemon(home: string): Promise<number | undefined> {
  const { running, pid } = await readDaemonStatus(home);
  if (!running) return undefined;
  if (pid === 0) throw new UsageError(`a daemon answers in ${home}, but does not say which process it is; end it by hand`);
  signal(pid, 'SIGTERM');
  if (!(await ends(pid, TERM_MS))) {
    signal(pid, 'SIGKILL');
    await ends(pid, TERM_MS);
  }
  return pid;
}

async function ends(pid: number, withinMs: number): Promise<boolean> {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; ) {
    if (!signal(pid, 0)) return true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return false;
}

/** False when there is no such process. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

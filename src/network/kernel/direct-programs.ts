// Programs of the host, started by a daemon that is root itself.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Clock } from '../../base/clock.ts';
import type { HostProgram, HostPrograms } from '../../api/network/host-programs.ts';

const END_MS = 5_000;
/** Where distributions keep them; a user's own path may lack the sbin folders. HOME: nft would leave its history there. */
const ENVIRONMENT = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/dev/null', LC_ALL: 'C' };

export function createDirectPrograms(clock: Clock): HostPrograms {
  return {
    way: 'as root',
    open: async ([program = '', ...args], hear) => {
      // A group of its own: what interrupts the daemon in a terminal must not end it before the daemon has tidied up.
      const child = spawn(program, args, { env: ENVIRONMENT, cwd: '/', detached: true });
      await new Promise<void>((resolve, reject) => {
        child.once('spawn', resolve);
        child.once('error', (error: NodeJS.ErrnoException) => reject(new Error(error.code === 'ENOENT' ? `${program} is not installed` : `${program} cannot be run: ${error.message}`, { cause: error })));
      });
      for (const stream of ['stdout', 'stderr'] as const) child[stream].setEncoding('utf8').on('data', (text: string) => hear(stream, text));
      return programOf(program, child, clock);
    },
  };
}

function programOf(program: string, child: ChildProcessWithoutNullStreams, clock: Clock): HostProgram {
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => resolve(`${program} ended with ${signal ?? `exit code ${code}`}`));
    child.on('error', () => {});
  });
  // Written to after its end: `ended` has said so already.
  child.stdin.on('error', () => {});
  return {
    ended,
    write: (text) => void child.stdin.write(text),
    async end() {
      child.stdin.end();
      const timer = clock.setTimer(END_MS, () => child.kill('SIGKILL'));
      await ended;
      timer.cancel();
    },
  };
}

// pure: what an exit code says by itself, before anything else is known of the run.
import { signalOfExitCode } from './signal-name.ts';

export interface ExitMeaning {
  /** Goes after "its container": "exited with 3", "was killed by SIGKILL (exit code 137)". */
  readonly phrase: string;
  /** A sentence on where to look, if there is one. */
  readonly note?: string;
}

const SIGNAL_NOTES: Readonly<Record<string, string>> = {
  SIGABRT: 'SIGABRT is what a program sends itself when it gives up: a failed assertion, abort(), an uncaught C++ exception.',
  SIGBUS: 'SIGBUS means memory that cannot be reached: often a mapped file that was truncated, or a full /dev/shm.',
  SIGFPE: 'SIGFPE means impossible arithmetic, such as an integer divided by zero.',
  SIGILL: 'SIGILL means an instruction that this processor does not have: was the image built for another one?',
  SIGINT: 'SIGINT is what Ctrl-C sends.',
  SIGPIPE: 'SIGPIPE means that the program wrote to something whose reader had gone.',
  SIGSEGV: 'SIGSEGV means that the program reached for memory that is not its own: a bug in it or in a library it loads, or an image built for another libc.',
  SIGSYS: 'SIGSYS means a system call that a seccomp profile forbids.',
  SIGXFSZ: 'SIGXFSZ means that a file grew beyond its limit.',
};

export function exitMeaning(exitCode: number): ExitMeaning {
  const signal = signalOfExitCode(exitCode);
  if (signal !== undefined) {
    const note = SIGNAL_NOTES[signal];
    return { phrase: `was ended by ${signal} (exit code ${exitCode} = 128 + ${exitCode - 128})`, ...(note === undefined ? {} : { note }) };
  }
  switch (exitCode) {
    case 0:
      return { phrase: 'exited with 0: success' };
    case 1:
      return { phrase: 'exited with 1', note: 'Exit code 1 is what most programs end with after any error: the end of the log should name it.' };
    case 2:
      return { phrase: 'exited with 2', note: 'Exit code 2 often means a command line that the program or the shell did not understand.' };
    case 126:
      return { phrase: 'exited with 126: the command was found but could not be executed', note: 'It is a directory, has no execute permission, or its interpreter cannot be run.' };
    case 127:
      return { phrase: 'exited with 127: command not found', note: 'The shell found no program of that name in the image: a typing mistake, a missing package, or another PATH.' };
    case 128:
      return { phrase: 'exited with 128', note: 'Exit code 128 is given to containers that could not be started, and by shells for a wrong argument of "exit".' };
    case 255:
      return { phrase: 'exited with 255', note: 'Exit code 255 is -1: ssh, and programs that return -1, end with it.' };
    default:
      return { phrase: `exited with ${exitCode}`, note: `Exit code ${exitCode} is the program's own: its log or manual says what it stands for.` };
  }
}

// pure: the names of Linux signals, as exit codes above 128 and container runtimes tell them.

const NAMES = [
  '', 'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGKILL', 'SIGUSR1', 'SIGSEGV', 'SIGUSR2', 'SIGPIPE', 'SIGALRM', 'SIGTERM',
  'SIGSTKFLT', 'SIGCHLD', 'SIGCONT', 'SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU', 'SIGURG', 'SIGXCPU', 'SIGXFSZ', 'SIGVTALRM', 'SIGPROF', 'SIGWINCH', 'SIGIO', 'SIGPWR', 'SIGSYS',
];

/** "SIGKILL" for 137; undefined for codes that no signal gives. */
export function signalOfExitCode(exitCode: number): string | undefined {
  const number = exitCode - 128;
  if (number >= 34 && number <= 64) return `SIGRT${number - 34 === 0 ? 'MIN' : `MIN+${number - 34}`}`;
  return number > 0 ? NAMES[number] : undefined;
}

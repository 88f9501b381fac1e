// The minik command.
import { createOutput } from './output.ts';
import { runProgram } from './program.ts';

/** How long a verb may tidy up after Ctrl-C before it is cut off. */
const TIDY_MS = 300;

const exit = (code: number): never => process.exit(code);
const env = process.env;
const stop = new AbortController();
const interrupt = (): void => {
  if (stop.signal.aborted) exit(130);
  stop.abort(new Error('interrupted'));
  setTimeout(() => exit(130), TIDY_MS).unref();
};
process.on('SIGINT', interrupt);
process.on('SIGTERM', () => exit(143));
// Timers of the clock hold nothing open: a verb that only waits must not find its program ended.
setInterval(() => {}, 2 ** 30);

exit(
  await runProgram(process.argv.slice(2), {
    env,
    // Opening it costs milliseconds, and few verbs read it.
    get stdin() {
      return process.stdin;
    },
    out: createOutput(process.stdout, { env, exit }),
    err: createOutput(process.stderr, { env, exit }),
    signal: stop.signal,
  }),
);

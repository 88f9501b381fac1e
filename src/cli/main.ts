// The minik command.
import { createInterrupts } from './interrupts.ts';
import { createOutput } from './output.ts';
import { runProgram } from './program.ts';

const exit = (code: number): never => process.exit(code);
const env = process.env;
const stop = new AbortController();
const interrupts = createInterrupts({ stop, exit });
process.on('SIGINT', () => interrupts.hear('SIGINT'));
process.on('SIGTERM', () => interrupts.hear('SIGTERM'));
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
    interrupts,
  }),
);

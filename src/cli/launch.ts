// Builds what a verb may touch from the global flags, runs the verb, and cleans up after it.
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { systemClock } from '../base/clock.ts';
import { connectTo } from './connect.ts';
import type { CliContext, Interrupts, Launch, Output } from './context.ts';
import { globalFlagsOf } from './global-flags.ts';

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadableStream;
  readonly out: Output;
  readonly err: Output;
  readonly signal: AbortSignal;
  /** Absent: nobody interrupts but through the signal. */
  readonly interrupts?: Interrupts;
}

const NO_INTERRUPTS: Interrupts = { hold: () => () => {} };

/** `onExitCode` hears what each verb returned. */
export function createLaunch(surroundings: Surroundings, onExitCode: (code: number) => void): Launch {
  return async (command, run) => {
    const { env, out, err, signal } = surroundings;
    const flags = globalFlagsOf(command);
    const home = resolve(env['MINIK_HOME'] || join(env['HOME'] || homedir(), '.minik'));
    let warnings = 0;
    const connection = await connectTo(flags, {
      home,
      env,
      onWarning: (text) => {
        warnings++;
        void err.write(`${err.colour ? '\u001b[33;1mWarning:\u001b[0m' : 'Warning:'} ${text}\n`);
      },
      say: (line) => err.write(`${line}\n`),
    });
    const context: CliContext = {
      client: connection.client,
      streams: connection.streams,
      forwarder: connection.forwarder,
      resources: connection.resources,
      namespace: flags.namespace || connection.namespace || 'default',
      namespaceGiven: flags.namespace !== undefined && flags.namespace !== '',
      home,
      get stdin() {
        return surroundings.stdin;
      },
      out,
      err,
      clock: systemClock,
      signal,
      interrupts: surroundings.interrupts ?? NO_INTERRUPTS,
      env,
    };
    try {
      onExitCode((await run(context)) ?? 0);
    } finally {
      connection.close();
    }
    if (warnings > 0 && flags.warningsAsErrors === true) throw new Error(`${warnings} warning${warnings > 1 ? 's' : ''} received`);
  };
}

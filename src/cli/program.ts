// The command line: finds the verb, loads only its file, reads the flags, runs it, prints errors, gives the exit code.
import { Command, CommanderError } from 'commander';
import { findVerb, normalizeArgv } from './argv.ts';
import { UsageError } from './context.ts';
import { editDistance } from './edit-distance.ts';
import { errorText } from './error-text.ts';
import { addGlobalFlags } from './global-flags.ts';
import { createLaunch, type Surroundings } from './launch.ts';
import { VERBS, type VerbEntry } from './verb-list.ts';

/** What a shell reports for a program that SIGINT ended. */
const SIGINT_EXIT_CODE = 130;

export async function runProgram(words: readonly string[], surroundings: Surroundings): Promise<number> {
  const argv = words[0] === 'help' ? [...words.slice(1), '--help'] : words;
  let exitCode = 0;
  let written: Promise<unknown> = Promise.resolve();
  const program = createProgram({
    out: (text) => (written = written.then(() => surroundings.out.write(text))),
    err: (text) => (written = written.then(() => surroundings.err.write(text))),
  });
  const launch = createLaunch(surroundings, (code) => (exitCode = code));
  let failureCode = 1;
  try {
    const wanted = wantedVerbs(findVerb(program, argv));
    if (wanted.length === 1) failureCode = wanted[0]!.failureCode ?? 1;
    for (const register of await Promise.all(wanted.map((entry) => entry.load()))) register(program, launch);
    await program.parseAsync(normalizeArgv(program, argv), { from: 'user' });
  } catch (error) {
    if (surroundings.signal.aborted) return SIGINT_EXIT_CODE;
    exitCode = failureCode;
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) exitCode = 0;
      if (isUsageMistake(error)) written = written.then(() => surroundings.err.write(errorText(new UsageError(error.message))));
    } else {
      written = written.then(() => surroundings.err.write(errorText(error)));
    }
  }
  await written;
  return exitCode;
}

function createProgram(write: { readonly out: (text: string) => unknown; readonly err: (text: string) => unknown }): Command {
  const program = new Command('minik')
    .description('Runs Kubernetes Jobs, CronJobs and Services on this machine as Docker containers.')
    .enablePositionalOptions()
    .exitOverride()
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: write.out, writeErr: write.err, outputError: () => {} });
  addGlobalFlags(program);
  program.action(() => program.help());
  return program;
}

/** One verb's file for a known verb; all of them for help and for mistakes. */
function wantedVerbs(name: string | undefined): readonly VerbEntry[] {
  if (name === undefined) return VERBS;
  const entry = VERBS.find((one) => one.names.includes(name));
  if (entry === undefined) throw new UsageError(`unknown command "${name}" for "minik"${suggestion(name)}`);
  return [entry];
}

function suggestion(name: string): string {
  const near = VERBS.flatMap((entry) => entry.names).filter((verb) => verb.startsWith(name) || editDistance(verb, name) <= 2);
  return near.length === 0 ? '' : `\n\nDid you mean this?\n\t${near.join('\n\t')}`;
}

/** Help and version end commander's parsing by throwing too. */
function isUsageMistake(error: CommanderError): boolean {
  return error.exitCode !== 0 && error.code !== 'commander.help';
}

// minik get: prints objects.
import type { RegisterVerb } from '../context.ts';

export const registerGet: RegisterVerb = (program, launch) => {
  program
    .command('get')
    .argument('[args...]')
    .option('-w, --watch')
    .option('-o, --output <format>')
    .option('--dry-run [x]')
    .action((args, flags, command) => launch(command, async (c) => c.out.write(JSON.stringify([args, flags, c.namespace]) + '\n')));
};

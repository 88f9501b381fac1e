// minik reset: removes every object, container and file of this home.
import { spawn } from 'node:child_process';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { daemonCommand, makeHome } from '../daemon-process.ts';
import { stopDaemon } from '../lifecycle/stop-daemon.ts';
import { confirm } from '../write/confirm.ts';

export const registerReset: RegisterVerb = (program, launch) => {
  const command = program
    .command('reset')
    .summary('remove everything of this home')
    .description('Stops the daemon of $MINIK_HOME and removes every object, container, volume and file that it has made.')
    .option('-y, --yes', 'do not ask');
  command.action((flags: { readonly yes?: boolean }) => launch(command, (context) => reset(context, flags)));
};

async function reset(context: CliContext, flags: { readonly yes?: boolean }): Promise<number> {
  const { home, out } = context;
  if (flags.yes !== true) {
    await out.write(`This removes every object and container of ${home}.\n`);
    if (!(await confirm(context, 'Do you want to continue?'))) {
      await out.write('nothing was removed\n');
      return 1;
    }
  }
  await makeHome(home);
  await stopDaemon(home);
  await runReset(context);
  await out.write(`${home} is empty\n`);
  return 0;
}

/** The daemon's program knows what it has made; this one only asks. */
function runReset({ home, env }: CliContext): Promise<void> {
  const { program, args } = daemonCommand();
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args, 'reset'], { stdio: ['ignore', 'inherit', 'inherit'], env: { ...env, MINIK_HOME: home } });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new UsageError('not everything could be removed, see above'))));
  });
}

// minik start: starts the daemon and waits until it is ready.
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { limitsOf, saveLimits, type LimitFlags } from '../lifecycle/attempt-settings.ts';
import { readDaemonStatus } from '../lifecycle/daemon-status.ts';
import { isReady, makeHome, startDaemon } from '../daemon-process.ts';

export const registerStart: RegisterVerb = (program, launch) => {
  const command = program
    .command('start')
    .summary('start the daemon')
    .description('Starts the daemon of $MINIK_HOME and waits until it is ready. Does nothing when it runs.\nThe limits that are given are kept for every later start, until minik reset.')
    .option('--attempt-log-limit <bytes>', 'keep so much of the end of each container\'s log when it goes (default 10Mi); 0 keeps no logs')
    .option('--attempts-limit <bytes>', 'keep so much of all containers that are gone; the oldest go first (default 1Gi)')
    .option('--attempts-age <duration>', 'keep it so long (default 720h)');
  command.action((flags: LimitFlags) => launch(command, (context) => start(context, limitsOf(flags))));
};

async function start({ home, env, out }: CliContext, limits: ReturnType<typeof limitsOf>): Promise<void> {
  const running = await isReady(home);
  if (Object.keys(limits).length > 0) {
    await makeHome(home);
    const isNews = await saveLimits(home, limits, { dryRun: running });
    if (running && isNews) throw new UsageError('the daemon runs with other limits: stop it first (minik stop), then start it with these');
  }
  if (!running) await startDaemon(home, env);
  const { endpoint, pid } = await readDaemonStatus(home);
  await out.write(`minik ${running ? 'is running' : 'started'} (pid ${pid}): ${endpoint}\n`);
}

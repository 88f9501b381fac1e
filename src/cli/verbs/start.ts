// minik start: starts the daemon and waits until it is ready.
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { limitsOf, type LimitFlags } from '../lifecycle/attempt-settings.ts';
import { readDaemonStatus } from '../lifecycle/daemon-status.ts';
import { nodeAddressesOf, saveSettings, type HomeSettings } from '../lifecycle/home-settings.ts';
import { append } from '../write/write-flags.ts';
import { isReady, makeHome, startDaemon } from '../daemon-process.ts';

interface StartFlags extends LimitFlags {
  readonly nodeAddress?: readonly string[];
}

export const registerStart: RegisterVerb = (program, launch) => {
  const command = program
    .command('start')
    .summary('start the daemon')
    .description('Starts the daemon of $MINIK_HOME and waits until it is ready. Does nothing when it runs.\nWhat is given here is kept for every later start, until minik reset.')
    .option('--attempt-log-limit <bytes>', 'keep so much of the end of each container\'s log when it goes (default 10Mi); 0 keeps no logs')
    .option('--attempts-limit <bytes>', 'keep so much of all containers that are gone; the oldest go first (default 1Gi)')
    .option('--attempts-age <duration>', 'keep it so long (default 720h)')
    .option('--node-address <address>', 'open node ports on this address of the host, too; may be repeated, 0.0.0.0 is all, none is no more than the usual ones', append);
  command.action((flags: StartFlags) => launch(command, (context) => start(context, settingsOf(flags))));
};

/** Only what was given. */
function settingsOf(flags: StartFlags): HomeSettings {
  const attempts = limitsOf(flags);
  return { ...(Object.keys(attempts).length === 0 ? {} : { attempts }), ...nodeAddressesOf(flags.nodeAddress) };
}

async function start({ home, env, out }: CliContext, settings: HomeSettings): Promise<void> {
  const running = await isReady(home);
  if (Object.keys(settings).length > 0) {
    await makeHome(home);
    const isNews = await saveSettings(home, settings, { dryRun: running });
    if (running && isNews) throw new UsageError('the daemon runs with other settings: stop it first (minik stop), then start it with these');
  }
  if (!running) await startDaemon(home, env);
  const { endpoint, pid } = await readDaemonStatus(home);
  await out.write(`minik ${running ? 'is running' : 'started'} (pid ${pid}): ${endpoint}\n`);
}

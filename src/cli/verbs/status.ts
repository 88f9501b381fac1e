// minik status: what runs, where, and on which engine.
import type { NetworkCapability } from '../../api/network/network-status.ts';
import type { RegisterVerb } from '../context.ts';
import { UsageError } from '../context.ts';
import { capabilityText, readNetworkStatus } from '../lifecycle/network-status.ts';
import { readDaemonStatus, type DaemonStatus } from '../lifecycle/daemon-status.ts';

export const registerStatus: RegisterVerb = (program, launch) => {
  const command = program
    .command('status')
    .summary('show what runs')
    .description('Shows whether the daemon of $MINIK_HOME runs, where it serves, and what it says of Docker. Exit code 1 when it does not run.')
    .option('-o, --output <format>', 'json');
  command.action((flags: { readonly output?: string }) =>
    launch(command, async ({ home, out }) => {
      if (flags.output !== undefined && flags.output !== 'json') throw new UsageError(`unable to match a printer suitable for the output format "${flags.output}", allowed formats are: json`);
      const status = await readDaemonStatus(home);
      const network = status.running ? await readNetworkStatus(home) : [];
      await out.write(flags.output === 'json' ? `${JSON.stringify({ ...status, network }, null, 2)}\n` : await statusText(status, network, out.colour));
      return status.running ? 0 : 1;
    }),
  );
};

async function statusText(status: DaemonStatus, network: readonly NetworkCapability[], colour: boolean): Promise<string> {
  const [{ default: Table }, { Chalk }] = await Promise.all([import('cli-table3'), import('chalk')]);
  const chalk = new Chalk({ level: colour ? 1 : 0 });
  const state = status.ready ? chalk.green('ready') : status.running ? chalk.yellow('starting') : chalk.red('stopped');
  const table = new Table({ chars: BORDERLESS, style: { 'padding-left': 0, 'padding-right': 2, head: [], border: [] } });
  table.push(['minik', state], ['home', status.home]);
  if (status.running) table.push(['pid', String(status.pid)], ['version', status.version], ['endpoint', status.endpoint], ['docker', status.docker]);
  for (const capability of network) table.push([capability.name, capabilityText(capability)]);
  return `${table.toString().replace(/ +$/gm, '')}\n`;
}

const BORDERLESS = {
  top: '', 'top-mid': '', 'top-left': '', 'top-right': '',
  bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '',
  left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '',
};

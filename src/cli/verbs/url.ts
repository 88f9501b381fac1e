// minik url: where a Service is reached from this machine.
import type { Command } from 'commander';
import { NODES, SERVICES } from '../../api/kinds.ts';
import { UsageError, type CliContext, type Launch, type RegisterVerb } from '../context.ts';
import { resourceOfWord } from '../resource-args.ts';
import { planUrls, type PortPlaces } from '../url/plan-urls.ts';
import { firstAnswering } from '../url/try-places.ts';

interface Flags {
  readonly port?: string;
  readonly open?: boolean;
}

const ABOUT = 'The address of a Service that works from here: of its load balancer, its node port, or its own, whichever answers.';

export const registerUrl: RegisterVerb = (program, launch) => {
  describe(program.command('url'), launch);
};

/** The same, where people from elsewhere look for it. */
export const registerService: RegisterVerb = (program, launch) => {
  const command = program
    .command('service')
    .alias('svc')
    .summary('where Services are reached: minik service url NAME')
    .action(() => {
      throw new UsageError('what to do with the service is missing: minik service url NAME');
    });
  describe(command.command('url'), launch);
};

function describe(command: Command, launch: Launch): void {
  command
    .summary('print where a Service is reached from here')
    .description(`${ABOUT}\nOne line for each port.`)
    .argument('[service]', 'NAME, or svc/NAME')
    .option('--port <port>', 'only this port: its number or its name')
    .option('--open', 'open it in the browser')
    .action((word: string | undefined, flags: Flags) => launch(command, (context) => printUrls(context, word, flags)));
}

async function printUrls(context: CliContext, word: string | undefined, flags: Flags): Promise<void> {
  const name = await serviceName(context, word);
  const client = await context.client();
  const service = await client.get(SERVICES, { namespace: context.namespace, name });
  const nodes = service.spec?.type === 'NodePort' || service.spec?.type === 'LoadBalancer' ? (await client.list(NODES)).items : [];
  const urls: string[] = [];
  for (const port of planUrls(service, { port: flags.port, nodes })) urls.push(await urlOf(context, name, port));
  for (const url of urls) await context.out.write(`${url}\n`);
  if (urls.length === 0) throw new UsageError(`service ${name} has no ports`);
  if (flags.open === true) await openInBrowser(context, urls[0]!);
}

async function serviceName(context: CliContext, word: string | undefined): Promise<string> {
  if (word === undefined || word === '') throw new UsageError("the name of a service is missing\nSee 'minik url -h' for help and examples");
  const [kind, name, ...more] = word.split('/');
  if (name === undefined) return word;
  if (more.length > 0 || name === '' || resourceOfWord(kind!, await context.resources()).kind !== 'Service') throw new UsageError(`${word} is no service`);
  return name;
}

/** Where nobody answers yet, the best address is told all the same: that is where it will be. */
async function urlOf(context: CliContext, name: string, { text, canTry, places }: PortPlaces): Promise<string> {
  const answering = canTry ? await firstAnswering(places) : places[0];
  if (answering === undefined) {
    const why = places.length > 1 ? 'no ready pod stands behind it' : 'no ready pod stands behind it, or cluster addresses do not work on this machine (minik status says)';
    await context.err.write(`Warning: nobody answers at port ${text} of service ${name} now: ${why}; minik port-forward svc/${name} is another way\n`);
  }
  return (answering ?? places[0]!).url;
}

async function openInBrowser({ env }: CliContext, url: string): Promise<void> {
  const { execa } = await import('execa');
  const browser = env['BROWSER'] ?? (process.platform === 'darwin' ? 'open' : 'xdg-open');
  const { failed, code, exitCode } = await execa(browser, [url], { reject: false, stdio: 'ignore', env: { ...env } });
  if (failed) throw new UsageError(`${url} could not be opened with ${browser} (${code ?? `exit code ${exitCode}`}); set BROWSER to the program that opens pages`);
}

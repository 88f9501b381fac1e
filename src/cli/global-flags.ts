// The flags that every verb takes, as kubectl has them.
import { InvalidArgumentError, Option, type Command } from 'commander';
import { parseDuration } from './go-duration.ts';

export interface GlobalFlags {
  readonly namespace?: string;
  readonly context?: string;
  readonly cluster?: string;
  readonly user?: string;
  readonly kubeconfig?: string;
  readonly server?: string;
  readonly token?: string;
  readonly username?: string;
  readonly password?: string;
  readonly certificateAuthority?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly insecureSkipTlsVerify?: boolean;
  readonly tlsServerName?: string;
  readonly warningsAsErrors?: boolean;
  readonly requestTimeoutMs?: number;
}

/** Taken so that scripts written for kubectl run; they change nothing here. */
const WITHOUT_EFFECT = ['--cache-dir <path>', '--log-flush-frequency <duration>', '--vmodule <pattern>', '--kuberc <path>'];

export function addGlobalFlags(program: Command): void {
  program
    .option('-n, --namespace <name>', 'the namespace to work in')
    .option('--context <name>', 'use another cluster: this context of the kubeconfig')
    .option('--kubeconfig <path>', 'use another cluster: this kubeconfig')
    .option('-s, --server <url>', 'use another cluster: the address of its API server')
    .addOption(
      new Option('--request-timeout <duration>', 'how long to wait for a reply to begin; 0 means for ever').argParser(parseTimeout),
    );
  const hidden = [
    '--cluster <name>',
    '--user <name>',
    '--token <token>',
    '--username <name>',
    '--password <password>',
    '--certificate-authority <path>',
    '--client-certificate <path>',
    '--client-key <path>',
    '--insecure-skip-tls-verify',
    '--tls-server-name <name>',
    '--warnings-as-errors',
    '--match-server-version',
    '--disable-compression',
    '-v, --v <level>',
    ...WITHOUT_EFFECT,
  ];
  for (const flags of hidden) program.addOption(new Option(flags).hideHelp());
}

export function globalFlagsOf(command: Command): GlobalFlags {
  const given = rootOf(command).opts<GlobalFlags & { requestTimeout?: number }>();
  return { ...given, requestTimeoutMs: given.requestTimeout === 0 ? undefined : given.requestTimeout };
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}

function parseTimeout(text: string): number {
  const ms = parseDuration(/^\d+$/.test(text) ? `${text}s` : text);
  if (ms === undefined) throw new InvalidArgumentError('it must be a duration such as 5s, 2m or 3h');
  return ms;
}

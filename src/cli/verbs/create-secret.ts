// minik create secret: generic ones, TLS pairs, and credentials for registries.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Secret } from '../../api/generated/types.ts';
import { SECRETS } from '../../api/kinds.ts';
import { UsageError, type CliContext, type Launch, type RegisterVerb } from '../context.ts';
import type { Command } from 'commander';
import { addGenerateFlags, createGenerated, exactlyOneName, type GenerateFlags } from '../write/create-generated.ts';
import { addKeySourceFlags, readKeyValues, type KeySourceFlags, type KeyValue } from '../write/key-sources.ts';
import { contentHash } from '../write/name-hash.ts';
import { append } from '../write/write-flags.ts';

interface SecretFlags extends GenerateFlags, KeySourceFlags {
  readonly appendHash?: boolean;
  readonly type?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly dockerUsername?: string;
  readonly dockerPassword?: string;
  readonly dockerEmail?: string;
  readonly dockerServer: string;
}

type Contents = (context: CliContext, name: string, flags: SecretFlags) => Promise<Omit<Secret, 'apiVersion' | 'kind' | 'metadata'>>;

export const registerCreateSecret: RegisterVerb = (program, launch) => {
  const parent = program
    .command('secret')
    .summary('a Secret')
    .description('minik create secret generic | tls | docker-registry NAME')
    .action(() => {
      throw new UsageError("the type of the secret is missing: minik create secret generic | tls | docker-registry NAME");
    });
  const generic = addKeySourceFlags(parent.command('generic').summary('a Secret of your own keys').argument('[name...]'));
  generic.option('--type <type>', 'the type of the Secret');
  registerType(generic, { launch, contents: genericContents });

  const tls = parent.command('tls').summary('a certificate and its key').argument('[name...]');
  tls.option('--cert <path>', 'the certificate, PEM').option('--key <path>', 'its private key, PEM');
  registerType(tls, { launch, contents: tlsContents });

  const registry = parent.command('docker-registry').summary('credentials of an image registry').argument('[name...]');
  registry
    .option('--docker-username <name>', 'who')
    .option('--docker-password <password>', 'the password')
    .option('--docker-email <address>', 'the e-mail address')
    .option('--docker-server <url>', 'the registry', 'https://index.docker.io/v1/')
    .option('--from-file <[key=]path>', 'a docker config.json', append);
  registerType(registry, { launch, contents: registryContents });
};

function registerType(command: Command, { launch, contents }: { readonly launch: Launch; readonly contents: Contents }): void {
  addGenerateFlags(command);
  command.option('--append-hash', 'add a hash of the contents to the name');
  command.action((words: string[], flags: SecretFlags) =>
    launch(command, async (context) => {
      const name = exactlyOneName(words, `create secret ${command.name()}`);
      const filled = await contents(context, name, flags);
      const hash = contentHash({ kind: 'Secret', type: filled.type ?? '', name, data: filled.data ?? {} });
      const secret: Secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: flags.appendHash === true ? `${name}-${hash}` : name }, ...filled };
      await createGenerated(context, secret, { resource: SECRETS, flags, failure: 'failed to create secret ' });
    }),
  );
}

const genericContents: Contents = async (context, name, flags) => ({
  ...dataOf(await readKeyValues(flags, { kind: 'Secret', name, env: context.env })),
  ...(flags.type === undefined || flags.type === '' ? {} : { type: flags.type }),
});

const tlsContents: Contents = async (_context, _name, { cert = '', key = '' }) => {
  if (cert === '' || key === '') throw new UsageError('key and cert must be specified');
  const [certPem, keyPem] = [await readPem(cert), await readPem(key)];
  checkPair(certPem, keyPem);
  return { ...dataOf([{ key: 'tls.crt', value: certPem }, { key: 'tls.key', value: keyPem }]), type: 'kubernetes.io/tls' };
};

function readPem(path: string): Promise<Buffer> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'no such file or directory' : error.message;
    throw new UsageError(`Cannot read file ${path}, open ${path}: ${why}`, { cause: error });
  });
}

function checkPair(cert: Buffer, key: Buffer): void {
  let matches: boolean;
  try {
    matches = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch (error) {
    throw new UsageError(`tls: the certificate and its key must be PEM files: ${(error as Error).message}`, { cause: error });
  }
  if (!matches) throw new UsageError('tls: private key does not match public key');
}

const registryContents: Contents = async (context, name, flags) => {
  const type = 'kubernetes.io/dockerconfigjson';
  if (flags.fromFile !== undefined) {
    const values = await readKeyValues({ fromFile: flags.fromFile }, { kind: 'Secret', name, env: context.env });
    return { ...dataOf(values.map(({ value }) => ({ key: '.dockerconfigjson', value }))), type };
  }
  const { dockerUsername: username = '', dockerPassword: password = '', dockerEmail: email = '', dockerServer: server } = flags;
  if (username === '' || password === '' || server === '') {
    throw new UsageError('either --from-file or the combination of --docker-username, --docker-password and --docker-server is required');
  }
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  const config = JSON.stringify({ auths: { [server]: { username, password, ...(email === '' ? {} : { email }), auth } } });
  return { ...dataOf([{ key: '.dockerconfigjson', value: Buffer.from(config) }]), type };
};

function dataOf(values: readonly KeyValue[]): Pick<Secret, 'data'> {
  if (values.length === 0) return {};
  return { data: Object.fromEntries(values.map(({ key, value }) => [key, Buffer.from(value).toString('base64')])) };
}

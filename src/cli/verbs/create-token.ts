// minik create token: a token with which to act as a ServiceAccount.
import type { TokenRequest, TokenRequestSpec } from '../../api/generated/types.ts';
import { SERVICE_ACCOUNTS, type Resource } from '../../api/kinds.ts';
import { StatusError } from '../../api/status-error.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { createObjectPrinter, type PrintFlags } from '../printers/object-printer.ts';
import { exactlyOneName } from '../write/create-generated.ts';
import { addPrintFlags, durationOf } from '../write/write-flags.ts';

interface TokenFlags extends PrintFlags {
  readonly audience?: readonly string[];
  readonly duration: string;
  readonly boundObjectKind?: string;
  readonly boundObjectName?: string;
  readonly boundObjectUid?: string;
}

const BOUND_KINDS = ['Pod', 'Secret'];

export const registerCreateToken: RegisterVerb = (program, launch) => {
  const command = program
    .command('token')
    .summary('a token of a service account')
    .description('minik create token SERVICE_ACCOUNT [--duration=1h] [--audience=WHO] [--bound-object-kind=Pod --bound-object-name=NAME]')
    .argument('[name...]')
    .option('--audience <who>', 'whom the token is for; may be repeated; the API unless said', (one: string, before: readonly string[] = []) => [...before, one])
    .option('--duration <duration>', 'how long it lasts; 0 leaves it to the server', '0s')
    .option('--bound-object-kind <kind>', `it ends with an object of this kind: ${BOUND_KINDS.join(', ')}`)
    .option('--bound-object-name <name>', 'of this name')
    .option('--bound-object-uid <uid>', 'and of this uid, if that matters');
  addPrintFlags(command);
  command.action((words: string[], flags: TokenFlags) => launch(command, (context) => createToken(context, exactlyOneName(words, 'create token'), flags)));
};

async function createToken(context: CliContext, name: string, flags: TokenFlags): Promise<void> {
  const spec = specOf(flags);
  const printer = await createObjectPrinter(flags);
  const client = await context.client();
  const request: TokenRequest = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata: { namespace: context.namespace }, spec };
  const answer = await client.create(SERVICE_ACCOUNTS as Resource<TokenRequest>, request, { subresource: 'token', name }).catch((error: unknown) => {
    throw error instanceof StatusError ? new Error(`failed to create token: ${error.message}`, { cause: error }) : error;
  });
  const token = answer.status?.token ?? '';
  if (token === '') throw new Error('failed to create token: no token in server response');
  await context.out.write(printer === undefined ? `${token}${context.out.isTerminal ? '\n' : ''}` : printer(answer));
}

function specOf({ audience = [], duration, boundObjectKind: kind = '', boundObjectName: name = '', boundObjectUid: uid = '' }: TokenFlags): TokenRequestSpec {
  const ms = durationOf(duration, '--duration');
  if (ms < 0) throw new UsageError('--duration must be greater than or equal to 0');
  if (ms % 1_000 !== 0) throw new UsageError('--duration cannot be expressed in units less than seconds');
  if (audience.includes('')) throw new UsageError('--audience must not be an empty string');
  if (kind === '' && name !== '') throw new UsageError('--bound-object-name can only be set if --bound-object-kind is provided');
  if (kind === '' && uid !== '') throw new UsageError('--bound-object-uid can only be set if --bound-object-kind is provided');
  if (kind !== '' && !BOUND_KINDS.includes(kind)) throw new UsageError(`supported --bound-object-kind values are ${BOUND_KINDS.join(', ')}`);
  if (kind !== '' && name === '') throw new UsageError('--bound-object-name is required if --bound-object-kind is provided');
  return {
    audiences: [...audience],
    ...(ms === 0 ? {} : { expirationSeconds: ms / 1_000 }),
    ...(kind === '' ? {} : { boundObjectRef: { apiVersion: 'v1', kind, name, ...(uid === '' ? {} : { uid }) } }),
  };
}

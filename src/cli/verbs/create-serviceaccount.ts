// minik create serviceaccount: a service account.
import { SERVICE_ACCOUNTS } from '../../api/kinds.ts';
import type { RegisterVerb } from '../context.ts';
import { addGenerateFlags, createGenerated, exactlyOneName, type GenerateFlags } from '../write/create-generated.ts';

export const registerCreateServiceAccount: RegisterVerb = (program, launch) => {
  const command = program
    .command('serviceaccount')
    .alias('sa')
    .summary('a service account')
    .description('minik create serviceaccount NAME')
    .argument('[name...]');
  addGenerateFlags(command);
  command.action((words: string[], flags: GenerateFlags) =>
    launch(command, (context) => {
      const name = exactlyOneName(words, 'create serviceaccount');
      const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } };
      return createGenerated(context, account, { resource: SERVICE_ACCOUNTS, flags, failure: 'failed to create serviceaccount: ' });
    }),
  );
};

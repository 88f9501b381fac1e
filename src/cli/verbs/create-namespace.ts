// minik create namespace: a namespace.
import { NAMESPACES } from '../../api/kinds.ts';
import type { RegisterVerb } from '../context.ts';
import { addGenerateFlags, createGenerated, exactlyOneName, type GenerateFlags } from '../write/create-generated.ts';

export const registerCreateNamespace: RegisterVerb = (program, launch) => {
  const command = program.command('namespace').alias('ns').summary('a namespace').description('minik create namespace NAME').argument('[name...]');
  addGenerateFlags(command);
  command.action((words: string[], flags: GenerateFlags) =>
    launch(command, (context) => {
      const name = exactlyOneName(words, 'create namespace');
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: {}, status: {} };
      return createGenerated(context, namespace, { resource: NAMESPACES, flags });
    }),
  );
};

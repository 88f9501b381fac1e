// minik kubeconfig: prints a kubeconfig that works with kubectl, helm and the client libraries.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RegisterVerb } from '../context.ts';

export const registerKubeconfig: RegisterVerb = (program, launch) => {
  const command = program
    .command('kubeconfig')
    .summary('print a kubeconfig')
    .description('Prints a kubeconfig for this minik: minik kubeconfig > ~/.kube/minik && KUBECONFIG=~/.kube/minik kubectl get jobs')
    .option('--path', 'print where the file is instead');
  command.action((flags: { readonly path?: boolean }) =>
    launch(command, async (context) => {
      const path = join(context.home, 'kubeconfig');
      // The address is the running daemon's: the port may be another than the last time.
      await context.client();
      await context.out.write(flags.path === true ? `${path}\n` : await readFile(path, 'utf8'));
    }),
  );
};

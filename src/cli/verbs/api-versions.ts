// minik api-versions: the group versions that the server serves.
import { apiVersionOf } from '../../api/kinds.ts';
import type { RegisterVerb } from '../context.ts';

export const registerApiVersions: RegisterVerb = (program, launch) => {
  const command = program.command('api-versions').summary("print the server's group versions").description('Prints the group versions that the server serves.');
  command.action(() =>
    launch(command, async (context) => {
      await context.client();
      const versions = [...new Set((await context.resources()).map(apiVersionOf))].sort();
      await context.out.write(`${versions.join('\n')}\n`);
    }),
  );
};

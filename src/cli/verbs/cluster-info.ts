// minik cluster-info: where the control plane answers.
import { readDaemonStatus } from '../lifecycle/daemon-status.ts';
import type { RegisterVerb } from '../context.ts';

export const registerClusterInfo: RegisterVerb = (program, launch) => {
  const command = program.command('cluster-info').summary('show where the control plane answers').description('Shows where the control plane answers.');
  command.action(() =>
    launch(command, async (context) => {
      await context.client();
      const { endpoint } = await readDaemonStatus(context.home);
      await context.out.write(`Kubernetes control plane is running at ${endpoint}\n`);
    }),
  );
};

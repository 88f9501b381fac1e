// minik cluster-info: where the control plane answers, and what of the cluster's own is reached through it.
import { SERVICES, resourcePath } from '../../api/kinds.ts';
import { readDaemonStatus } from '../lifecycle/daemon-status.ts';
import type { RegisterVerb } from '../context.ts';

export const registerClusterInfo: RegisterVerb = (program, launch) => {
  const command = program.command('cluster-info').summary('show where the control plane answers').description('Shows where the control plane answers.');
  command.action(() =>
    launch(command, async (context) => {
      const client = await context.client();
      const { endpoint } = await readDaemonStatus(context.home);
      await context.out.write(`Kubernetes control plane is running at ${endpoint}\n`);
      const { items } = await client.list(SERVICES, { namespace: 'kube-system', labelSelector: 'kubernetes.io/cluster-service=true' });
      for (const { metadata, spec } of items) {
        const { labels = {}, name = '', namespace = '' } = metadata ?? {};
        const port = spec?.ports?.[0]?.name ?? '';
        const path = `${resourcePath(SERVICES, { namespace })}/${name}${port === '' ? '' : `:${port}`}/proxy`;
        await context.out.write(`${labels['kubernetes.io/name'] ?? name} is running at ${endpoint}${path}\n`);
      }
    }),
  );
};

// minik uncordon: new Pods for a node again.
import type { RegisterVerb } from '../context.ts';
import { addNodeFlags, findNodes, setUnschedulable, type NodeFlags } from '../node/set-unschedulable.ts';

export const registerUncordon: RegisterVerb = (program, launch) => {
  const command = program.command('uncordon').summary('new pods for a node again').description('Takes back what cordon did: new Pods are placed on the nodes again.');
  addNodeFlags(command).action((names: string[], flags: NodeFlags) =>
    launch(command, async (context) => setUnschedulable(context, await findNodes(context, names, { verb: 'uncordon', selector: flags.selector }), { flags, unschedulable: false })),
  );
};

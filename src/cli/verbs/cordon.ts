// minik cordon: no new Pods for a node.
import type { RegisterVerb } from '../context.ts';
import { addNodeFlags, findNodes, setUnschedulable, type NodeFlags } from '../node/set-unschedulable.ts';

export const registerCordon: RegisterVerb = (program, launch) => {
  const command = program.command('cordon').summary('no new pods for a node').description('Marks nodes so that no new Pods are placed on them. What runs there runs on.');
  addNodeFlags(command).action((names: string[], flags: NodeFlags) =>
    launch(command, async (context) => setUnschedulable(context, await findNodes(context, names, { verb: 'cordon', selector: flags.selector }), { flags, unschedulable: true })),
  );
};

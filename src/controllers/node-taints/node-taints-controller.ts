// Gives nodes the taints that follow from what they are told (cordon) and from their conditions (pressure on their disk).
import type { Node } from '../../api/generated/types.ts';
import { NODES } from '../../api/kinds.ts';
import { wantedTaints } from '../../api/node/node-taints.ts';
import { keyOf } from '../../api/object.ts';
import { isNotFound } from '../../api/status-error.ts';
import type { Clock } from '../../base/clock.ts';
import type { Client } from '../../client/client.ts';
import type { Informer } from '../../client/informer-contract.ts';
import type { Controller } from '../runtime/controller.ts';

export function createNodeTaintsController({ client, nodes, clock }: { readonly client: Client; readonly nodes: Informer<Node>; readonly clock: Clock }): Controller {
  return {
    name: 'node-taints',
    connect(enqueue) {
      const stop = nodes.onChange(({ key, after }) => {
        if (after !== undefined && wantedTaints(after, 0) !== undefined) enqueue(key);
      });
      for (const node of nodes.list()) enqueue(keyOf(node));
      return stop;
    },
    async reconcile(key) {
      const node = nodes.get(key);
      const taints = node && wantedTaints(node, clock.now());
      if (node === undefined || taints === undefined) return {};
      try {
        nodes.observe(await client.update(NODES, { ...node, spec: { ...node.spec, taints } }));
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
      return {};
    },
  };
}

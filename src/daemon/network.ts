// The service network of this host: its parts, and what they need of the rest of the daemon.
import type { Node } from '../api/generated/types.ts';
import { ENDPOINT_SLICES, NODES, PODS, SERVICES, type Resource } from '../api/kinds.ts';
import type { KubeObject } from '../api/object.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { EventRecorder } from '../client/event-recorder-contract.ts';
import type { Informer } from '../client/informer-contract.ts';
import type { NetworkPart } from '../network/network-part.ts';
import { createNetwork, type Network } from '../network/network.ts';
import type { PolicyEnforcer } from '../network/policy/policy-enforcer.ts';
import { findPortHolder } from '../network/proxy/port-holder.ts';
import { listenAddresses } from '../network/proxy/listen-addresses.ts';
import { ProxyPart } from '../network/proxy/proxy-part.ts';
import { tellServices } from '../network/proxy/tell-services.ts';
import type { UnopenedPorts } from './unopened-ports.ts';

export interface DaemonNetworkOptions {
  readonly of: <T extends KubeObject>(resource: Resource<T>) => Informer<T>;
  readonly nodeName: string;
  /** More addresses of this host to open node ports on, besides the loopback and the node's own. */
  readonly nodeAddresses: readonly string[];
  /** Started after the sockets are open. */
  readonly parts: readonly NetworkPart[];
  readonly policies: Pick<PolicyEnforcer, 'onPlan'>;
  readonly recorder: EventRecorder;
  readonly unopened: UnopenedPorts;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Returns at once; nothing is opened before there is a Pod or a Service to open it for. */
export function startNetwork({ of, nodeName, nodeAddresses, parts: more, policies, recorder, unopened, clock, log: daemonLog }: DaemonNetworkOptions): Network {
  const log = daemonLog.with({ component: 'network' });
  const [services, nodes] = [of(SERVICES), of(NODES)];
  const news = tellServices({ services, recorder, findHolder: findPortHolder, isServed: (listener) => proxy.isServedByKernel(listener), clock });
  const proxy = new ProxyPart({
    nodeAddresses: () => listenAddresses(nodeAddresses, addressOf(nodes.get(nodeName))),
    onReserved: (keys) => network.setReserved(keys),
    onNews: (all) => news.tell(all),
    onUnopened: (listeners) => unopened.set(listeners),
    onDeath: (why) => {
      const node = nodes.get(nodeName);
      if (node !== undefined) recorder.event(node, { type: 'Warning', reason: 'ServiceProxyRestarted', message: `The proxy of Services ended and is started again, its connections are lost: ${why}` });
    },
    clock,
    log,
  });
  const stopPlans = policies.onPlan((plan) => proxy.usePolicies(plan));
  // In the order of their start; they are stopped the other way round.
  const parts: readonly NetworkPart[] = [proxy, ...more];
  const network = createNetwork({ services, slices: of(ENDPOINT_SLICES), pods: of(PODS), nodeName, parts, clock, log });
  const stopNodes = nodes.onChange(({ key, before, after }) => {
    if (key === nodeName && addressOf(before) !== addressOf(after)) network.refresh();
  });
  return {
    ...network,
    async stop() {
      stopNodes();
      stopPlans();
      news.stop();
      await network.stop();
    },
  };
}

/** The engine tells the node's address as soon as it answers. */
function addressOf(node: Node | undefined): string | undefined {
  return node?.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
}

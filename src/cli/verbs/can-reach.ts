// minik can-reach: whether one Pod may connect to another, a Service or an address, and which NetworkPolicies say so.
import { ENDPOINT_SLICES, NAMESPACES, NETWORK_POLICIES, NODES, PODS, SERVICES, type Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Client } from '../../client/client.ts';
import type { CliContext, RegisterVerb } from '../context.ts';
import { networkCapabilities } from '../lifecycle/network-status.ts';
import { createReportPrinter } from '../printers/report-printer.ts';
import { judgeReach } from '../reach/judge-reach.ts';
import type { ReachFacts } from '../reach/reach-destinations.ts';
import { parseReachSource, parseReachTarget } from '../reach/reach-ends.ts';
import { reachObject, reachText } from '../reach/reach-text.ts';

export const registerCanReach: RegisterVerb = (program, launch) => {
  const command = program
    .command('can-reach')
    .summary('say whether NetworkPolicies let one reach another')
    .description(
      'Says whether NetworkPolicies allow a connection, and which of them say so. Services are looked through: what counts is the Pods and ports behind them.\n' +
        'The exit code is 0 when every path is allowed, and 1 when one is denied or there is none.',
    )
    .argument('<from>', 'pod/a | pod/namespace/a | 192.0.2.7 | host')
    .argument('<to>', 'pod/b:80 | service/b | service/namespace/b:http | 192.0.2.7:53/udp | host:30007')
    .option('-o, --output <format>', 'json, yaml, jsonpath=...');
  command.action((from: string, to: string, flags: { readonly output?: string }) => launch(command, (context) => canReach(context, { from, to }, flags.output)));
};

async function canReach(context: CliContext, question: { readonly from: string; readonly to: string }, output: string | undefined): Promise<number> {
  const source = parseReachSource(question.from, context.namespace);
  const target = parseReachTarget(question.to, context.namespace);
  const print = await createReportPrinter(output);
  const client = await context.client();
  const [facts, capabilities] = await Promise.all([gather(client), networkCapabilities(client)]);
  const reach = judgeReach(facts, source, target);
  const enforcement = capabilities.find(({ name }) => name === 'network policies');
  const notEnforced = enforcement?.state === 'off' ? enforcement.why : undefined;
  await context.out.write(print === undefined ? await reachText(question, reach, { colour: context.out.colour, notEnforced }) : print(reachObject(question, reach, notEnforced)));
  return reach.allowed ? 0 : 1;
}

async function gather(client: Client): Promise<ReachFacts> {
  const all = async <T extends KubeObject>(resource: Resource<T>): Promise<readonly T[]> => (await client.list(resource)).items;
  const [pods, namespaces, policies, services, slices, nodes] = await Promise.all([all(PODS), all(NAMESPACES), all(NETWORK_POLICIES), all(SERVICES), all(ENDPOINT_SLICES), all(NODES)]);
  return { pods, namespaces, policies, services, slices, nodes };
}

// minik create service: a Service of one of the four types.
import type { Command } from 'commander';
import type { Service, ServicePort } from '../../api/generated/types.ts';
import { checkSubdomain } from '../../api/dns-name.ts';
import { SERVICES } from '../../api/kinds.ts';
import { UsageError, type Launch, type RegisterVerb } from '../context.ts';
import { parsePortPair } from '../expose/service-ports.ts';
import { addGenerateFlags, createGenerated, exactlyOneName, type GenerateFlags } from '../write/create-generated.ts';
import { collect, integerOf } from '../write/write-flags.ts';

export interface ServiceWish {
  readonly tcp?: readonly string[];
  readonly clusterip?: string;
  readonly nodePort?: number;
  readonly externalName?: string;
}

interface ServiceFlags extends GenerateFlags, ServiceWish {}

export type ServiceType = 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';

export const registerCreateService: RegisterVerb = (program, launch) => {
  const parent = program
    .command('service')
    .alias('svc')
    .summary('a Service')
    .description('minik create service clusterip | nodeport | loadbalancer | externalname NAME')
    .action(() => {
      throw new UsageError('the type of the service is missing: minik create service clusterip | nodeport | loadbalancer | externalname NAME');
    });
  const withPorts = (name: string, summary: string): Command =>
    parent.command(name).summary(summary).argument('[name...]').option('--tcp <port[:target]>', "ports: 80, 5678:8080, 80:http", collect);
  const clusterIp = withPorts('clusterip', 'a Service with an address of its own');
  clusterIp.option('--clusterip <ip>', 'its address; None for a headless Service');
  registerType(clusterIp, launch, 'ClusterIP');
  const nodePort = withPorts('nodeport', 'a Service on a port of the node');
  nodePort.option('--node-port <port>', 'the port: 30000-32767', (text) => integerOf(text, '--node-port'));
  registerType(nodePort, launch, 'NodePort');
  registerType(withPorts('loadbalancer', 'a Service with an external address'), launch, 'LoadBalancer');
  const externalName = withPorts('externalname', 'another name for a host outside');
  externalName.option('--external-name <name>', 'the name of the host');
  registerType(externalName, launch, 'ExternalName');
};

function registerType(command: Command, launch: Launch, type: ServiceType): void {
  addGenerateFlags(command);
  command.action((words: string[], flags: ServiceFlags) =>
    launch(command, (context) => {
      if (type === 'ExternalName' && flags.externalName === undefined) throw new UsageError('required flag(s) "external-name" not set');
      const name = exactlyOneName(words, `create service ${command.name()}`);
      return createGenerated(context, generateService(name, type, flags), { resource: SERVICES, flags, failure: `failed to create ${type} service: ` });
    }),
  );
}

/** Throws UsageError in kubectl's words. */
export function generateService(name: string, type: ServiceType, { tcp = [], clusterip = '', nodePort = 0, externalName = '' }: ServiceWish): Service {
  if (clusterip !== 'None' && tcp.length === 0 && type !== 'ExternalName') throw new UsageError('at least one tcp port specifier must be provided');
  if (type === 'ExternalName' && checkSubdomain(externalName).length > 0) throw new UsageError(`invalid service external name ${externalName}`);
  const ports: ServicePort[] = tcp.map((text) => ({ name: text.replaceAll(':', '-'), ...(nodePort === 0 ? {} : { nodePort }), protocol: 'TCP', ...parsePortPair(text) }));
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { labels: { app: name }, name },
    spec: {
      ...(clusterip === '' ? {} : { clusterIP: clusterip }),
      ...(externalName === '' ? {} : { externalName }),
      ...(ports.length === 0 ? {} : { ports }),
      selector: { app: name },
      type,
    },
    status: { loadBalancer: {} },
  };
}

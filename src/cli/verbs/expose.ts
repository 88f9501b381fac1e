// minik expose: makes a Service for a Pod, a Service, a Job, or what else has Pods.
import { Option } from 'commander';
import type { Service } from '../../api/generated/types.ts';
import { SERVICES, type Resource } from '../../api/kinds.ts';
import { withLastApplied } from '../apply/last-applied.ts';
import type { CliContext, RegisterVerb } from '../context.ts';
import { planExpose, type Exposed, type ExposeWish } from '../expose/plan-expose.ts';
import { createFailures } from '../write/failures.ts';
import { runManifests, startManifestRun } from '../write/manifest-run.ts';
import { withOverrides, type OverrideFlags } from '../write/overrides.ts';
import { createResultPrinter, type ResultPrinter } from '../write/result-printer.ts';
import { findTargets } from '../write/targets.ts';
import { addFileFlags, addWriteFlags, dryRunOf, filesOf, type FileFlags, type WriteFlags } from '../write/write-flags.ts';

interface Flags extends ExposeWish, FileFlags, WriteFlags, OverrideFlags {
  readonly saveConfig?: boolean;
}

export const registerExpose: RegisterVerb = (program, launch) => {
  const command = program
    .command('expose')
    .summary('make a Service for what has Pods')
    .description('Makes a Service: minik expose TYPE NAME [--port=80] [--target-port=8080] [--type=NodePort].\nTypes: pod, service, job, and on other clusters deployment, replicaset, replicationcontroller.')
    .argument('[type and name...]', 'pod web, job/server');
  addFileFlags(command, 'what to expose');
  command
    .option('--port <port>', "the Service's port; without it those of the containers")
    .option('--target-port <port>', 'the port of the Pods, a number or a name; without it the same')
    .option('--protocol <protocol>', 'TCP, UDP or SCTP')
    .option('--name <name>', 'the name of the Service; without it that of the object')
    .option('--type <type>', 'ClusterIP, NodePort, LoadBalancer or ExternalName')
    .option('--selector <labels>', 'the Pods: a=b,c=d; without it those of the object')
    .option('-l, --labels <labels>', 'labels of the Service: a=b,c=d')
    .addOption(new Option('--cluster-ip <ip>', 'its address; None for a headless Service').argParser(String))
    .option('--external-ip <ip>', 'a further address that it has on this host')
    .option('--load-balancer-ip <ip>', 'with --type=LoadBalancer: the address to ask for')
    .option('--session-affinity <affinity>', 'None or ClientIP')
    .option('--overrides <json>', 'a patch for what would be made')
    .addOption(new Option('--override-type <json|merge|strategic>').default('merge').hideHelp())
    .option('--save-config', 'remember the object for later applies');
  addWriteFlags(command, { manager: 'kubectl-expose' });
  command.action((words: string[], flags: Flags) => launch(command, (context) => expose(context, words, flags)));
};

async function expose(context: CliContext, words: readonly string[], flags: Flags): Promise<number> {
  const printer = await createResultPrinter(context, flags);
  if (filesOf(flags).length > 0) {
    const run = await startManifestRun(context, { filename: flags.filename, recursive: flags.recursive });
    return runManifests(run, ({ object, resource, namespace }) => exposeOne(context, { object: object as Exposed, resource: resource as Resource, namespace, flags, printer }));
  }
  const targets = await findTargets(context, words, {});
  const failures = createFailures(context);
  for (const { resource, namespace, name } of targets) {
    try {
      const object = await (await context.client()).get(resource, { namespace, name });
      await exposeOne(context, { object: object as Exposed, resource: resource as Resource, namespace, flags, printer });
    } catch (error) {
      failures.add(error);
    }
  }
  return failures.finish();
}

interface Given {
  readonly object: Exposed;
  readonly resource: Resource;
  readonly namespace: string;
  readonly flags: Flags;
  readonly printer: ResultPrinter;
}

async function exposeOne(context: CliContext, { object, resource, namespace, flags, printer }: Given): Promise<void> {
  const kind = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
  const planned = withOverrides<Service>(SERVICES, planExpose(object, kind, flags), flags);
  const dryRun = dryRunOf(flags);
  if (dryRun === 'client') return printer.print(planned, 'exposed');
  const service = flags.saveConfig === true ? (withLastApplied(planned) as Service) : planned;
  const client = await context.client();
  const created = await client.create(SERVICES, { ...service, metadata: { ...service.metadata, namespace } }, { dryRun: dryRun === 'server', fieldManager: flags.fieldManager });
  await printer.print(created, 'exposed');
}

// minik run: one container from an image, as a Pod or, with --restart=OnFailure, as a Job.
import { Option, type Command } from 'commander';
import type { Job, Pod } from '../../api/generated/types.ts';
import { JOBS, PODS, SERVICES, type Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { isNotFound } from '../../api/status-error.ts';
import { withLastApplied } from '../apply/last-applied.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { generateWorkload, serviceOf, type Workload } from '../run/generate-workload.ts';
import { addDeleteFlags, planDelete, type DeleteFlags } from '../write/delete-flags.ts';
import { deletionText } from '../write/deletion-text.ts';
import { withOverrides, type OverrideFlags } from '../write/overrides.ts';
import { createResultPrinter, displayName, type ResultPrinter } from '../write/result-printer.ts';
import { addWriteFlags, append, collect, dryRunOf, integerOf, type WriteFlags } from '../write/write-flags.ts';

interface Flags extends WriteFlags, DeleteFlags, OverrideFlags {
  readonly image?: string;
  readonly restart: string;
  readonly command?: boolean;
  readonly stdin?: boolean;
  readonly attach?: boolean;
  readonly tty?: boolean;
  readonly leaveStdinOpen?: boolean;
  readonly rm?: boolean;
  readonly quiet?: boolean;
  readonly env?: readonly string[];
  readonly labels?: string;
  readonly annotations?: readonly string[];
  readonly port?: number;
  readonly imagePullPolicy?: string;
  readonly privileged?: boolean;
  readonly expose?: boolean;
  readonly saveConfig?: boolean;
}

export const registerRun: RegisterVerb = (program, launch) => {
  const command = program
    .command('run')
    .summary('run an image')
    .description(
      'Runs an image: minik run NAME --image=IMAGE [--restart=Always|OnFailure|Never] [-i] -- ARGS...\n' +
        'OnFailure makes a Job, anything else a Pod. With -i waits, shows the output, and ends with the exit code.',
    )
    .argument('[name]', 'the name of the Pod or Job')
    .argument('[arguments...]', "the image's arguments, or with --command the command");
  addRunFlags(command);
  addWriteFlags(command, { manager: 'kubectl-run' });
  addDeleteFlags(command);
  command.action((name: string | undefined, words: string[], flags: Flags) => launch(command, (context) => run(context, { name, words, flags })));
};

function addRunFlags(command: Command): void {
  command
    .option('--image <image>', 'the image to run')
    .option('--restart <policy>', 'Always, OnFailure or Never', 'Always')
    .option('--command', 'what stands behind the name is the command, not arguments of the image')
    .option('-i, --stdin', 'pass stdin on, show the output, and end with the exit code of the container')
    .option('-t, --tty', 'with -i: the container has a terminal, this one')
    .option('--attach', 'as -i, but without stdin')
    .option('--no-attach', 'do not')
    .option('--rm', 'with -i: delete it afterwards')
    .option('--env <name=value>', 'an environment variable', append)
    .option('-l, --labels <labels>', 'labels: a=b,c=d')
    .option('--annotations <key=value>', 'an annotation', collect)
    .option('--port <port>', 'the port that the container listens on', (text) => integerOf(text, '--port'))
    .option('--image-pull-policy <policy>', 'Always, IfNotPresent or Never')
    .option('--privileged', 'run the container in privileged mode')
    .option('--overrides <json>', 'a patch for what would be made')
    .option('--save-config', 'remember the object for later applies')
    .option('-q, --quiet', 'only show what the container writes')
    .addOption(new Option('--override-type <json|merge|strategic>').default('merge').hideHelp())
    .option('--expose', 'with --port: make a Service for it, too')
    .option('--leave-stdin-open', 'with -i: stdin stays open when it ends here, for the next who attaches')
    .addOption(new Option('--pod-running-timeout <duration>').hideHelp());
}

interface Given {
  readonly name: string | undefined;
  readonly words: readonly string[];
  readonly flags: Flags;
}

async function run(context: CliContext, given: Given): Promise<number> {
  const { flags } = given;
  const workload = readWorkload(given);
  const attach = flags.attach ?? flags.stdin === true;
  const dryRun = dryRunOf(flags);
  refuseWhatCannotBe(flags, attach);
  const object = override(generateWorkload(workload), flags);
  const service = flags.expose === true ? serviceOf(workload, flags.port!) : undefined;
  const printer = await createResultPrinter(context, flags);
  if (dryRun === 'client') {
    const namespace = context.namespaceGiven ? { namespace: context.namespace } : {};
    for (const one of [service, object]) if (one !== undefined) await printer.print({ ...one, metadata: { ...one.metadata, ...namespace } }, 'created');
    return 0;
  }
  const client = await context.client();
  const here = <T extends KubeObject>(one: T): T => ({ ...one, metadata: { ...one.metadata, namespace: context.namespace } });
  const options = { dryRun: dryRun === 'server', fieldManager: flags.fieldManager };
  const created = await client.create(resourceOf(object), here(object), options);
  if (service !== undefined) {
    const made = await client.create(SERVICES, here(service), options);
    // kubectl: what leads there is told of first; but what the container writes is all that may go to stdout.
    if (!attach) await printer.print(made, 'created');
    else if (flags.quiet !== true) await context.err.write(`${displayName(made)} created\n`);
  }
  if (!attach) {
    await printer.print(created, 'created');
    return 0;
  }
  return follow(context, created, { flags, printer });
}

function readWorkload({ name, words, flags }: Given): Workload {
  const see = "\nSee 'minik run -h' for help and examples";
  if (name === undefined) throw new UsageError(`NAME is required for run${see}`);
  if (flags.image === undefined || flags.image === '') throw new UsageError('required flag(s) "image" not set');
  if (!IMAGE_REFERENCE.test(flags.image)) throw new UsageError(`Invalid image name "${flags.image}": invalid reference format`);
  const restart = (['Always', 'OnFailure', 'Never'] as const).find((policy) => policy === flags.restart);
  if (restart === undefined) throw new UsageError(`invalid restart policy: ${flags.restart}${see}`);
  const { imagePullPolicy = '' } = flags;
  if (!['', 'Always', 'IfNotPresent', 'Never'].includes(imagePullPolicy)) throw new UsageError(`invalid image pull policy: ${imagePullPolicy}${see}`);
  return {
    name,
    image: flags.image,
    restart,
    words,
    wordsAreCommand: flags.command === true,
    env: flags.env ?? [],
    labels: flags.labels ?? '',
    annotations: flags.annotations ?? [],
    port: flags.port,
    imagePullPolicy: imagePullPolicy === '' ? undefined : imagePullPolicy,
    privileged: flags.privileged === true,
    stdin: flags.stdin === true,
    leavesStdinOpen: flags.leaveStdinOpen === true,
    tty: flags.tty === true,
  };
}

/** [registry[:port]/]path[:tag][@digest] */
const IMAGE_REFERENCE =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@[A-Za-z][\w+.-]*:[0-9a-fA-F]{32,})?$/;

function refuseWhatCannotBe(flags: Flags, attach: boolean): void {
  const see = "\nSee 'minik run -h' for help and examples";
  if (flags.tty === true && flags.stdin !== true) throw new UsageError(`-i/--stdin is required for containers with -t/--tty=true${see}`);
  if (flags.expose === true && flags.port === undefined) throw new UsageError(`--port must be set when exposing a service${see}`);
  if ((attach || flags.tty === true) && dryRunOf(flags) !== 'none') {
    throw new UsageError(`--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)${see}`);
  }
  if (flags.rm === true && !attach) throw new UsageError(`--rm should only be used for attached containers${see}`);
}

function override(object: Pod | Job, flags: Flags): Pod | Job {
  const overridden = withOverrides(resourceOf(object), object, flags);
  return flags.saveConfig === true ? (withLastApplied(overridden) as Pod | Job) : overridden;
}

function resourceOf(object: KubeObject): Resource<Pod | Job> {
  return (object.kind === 'Job' ? JOBS : PODS) as Resource<Pod | Job>;
}

async function follow(context: CliContext, created: Pod | Job, { flags, printer }: { readonly flags: Flags; readonly printer: ResultPrinter }): Promise<number> {
  const { followJob, followPod } = await import('../run/follow-workload.ts');
  const client = await context.client();
  // What the container writes is all that may go to stdout.
  if (flags.quiet !== true && !printer.printsObjects) await context.err.write(`${displayName(created)} created\n`);
  try {
    const input = { stdin: flags.stdin === true, quiet: flags.quiet === true };
    return await (created.kind === 'Job' ? followJob(context, client, { job: created as Job, input }) : followPod(context, client, { pod: created as Pod, input }));
  } finally {
    if (flags.rm === true) await removeAfterwards(context, { object: created, resource: resourceOf(created) as Resource<KubeObject>, flags });
    if (flags.rm === true && flags.expose === true) await removeAfterwards(context, { object: { metadata: created.metadata }, resource: SERVICES as Resource as Resource<KubeObject>, flags });
  }
}

async function removeAfterwards(context: CliContext, { object, resource, flags }: { readonly object: KubeObject; readonly resource: Resource<KubeObject>; readonly flags: Flags }): Promise<void> {
  const target = { namespace: object.metadata?.namespace ?? '', name: object.metadata?.name ?? '' };
  const plan = planDelete(flags, { forceIsGrace0: true });
  const client = await context.client();
  try {
    await client.delete(resource, target, plan.options);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  if (flags.quiet !== true) await context.err.write(`${deletionText({ resource, ...target }, plan)}\n`);
}

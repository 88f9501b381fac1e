// minik describe: everything about objects, with what happened to them.
import type { CoreEvent } from '../../api/generated/types.ts';
import { ENDPOINT_SLICES, EVENTS, LEASES, NODES, PERSISTENT_VOLUME_CLAIMS, PODS, SERVICES, type Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { SERVICE_NAME_LABEL } from '../../api/service/service-labels.ts';
import { isNotFound } from '../../api/status-error.ts';
import { claimNamesOf } from '../../api/volume/storage-facts.ts';
import type { Client } from '../../client/client.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { describerOf, type Related } from '../describers/describer.ts';
import { throwAll } from '../error-text.ts';
import { parseResourceArgs } from '../resource-args.ts';
import { startManifestRun } from '../write/manifest-run.ts';
import { addFileFlags, filesOf, type FileFlags } from '../write/write-flags.ts';

interface Flags extends FileFlags {
  readonly selector?: string;
  readonly allNamespaces?: boolean;
  readonly showEvents?: string | true;
}

export const registerDescribe: RegisterVerb = (program, launch) => {
  const command = program
    .command('describe')
    .summary('show everything about objects')
    .description('Shows everything about objects, and what happened to them.')
    .argument('[type/name...]', 'job pi | pods | pod/a job/b | pods -l app=x | pod NAME-PREFIX');
  addFileFlags(command, 'what to describe');
  command
    .option('-l, --selector <selector>', 'labels to select by')
    .option('-A, --all-namespaces', 'in all namespaces')
    .option('--show-events [bool]', 'with events (default), or without')
    .option('--chunk-size <count>', 'accepted for kubectl')
    .action((words: string[], flags: Flags) => launch(command, (context) => describe(context, words, flags)));
};

interface Found {
  readonly resource: Resource;
  readonly object: KubeObject;
  /** Found by the beginning of its name: kubectl sets these apart differently. */
  readonly byPrefix?: boolean;
}

async function describe(context: CliContext, words: readonly string[], flags: Flags): Promise<void> {
  const { found, errors } = await find(context, words, flags);
  const client = await context.client();
  for (const [at, { resource, object, byPrefix }] of found.entries()) {
    const describer = await describerOf(resource);
    const text = describer(object, await relatedTo(client, { resource, object }, { now: context.clock.now(), withEvents: flags.showEvents !== 'false' }));
    await context.out.write(byPrefix === true ? `${text}\n` : at === 0 ? text : `\n\n${text}`);
  }
  throwAll(errors);
  if (found.length === 0) await context.err.write(flags.allNamespaces === true ? 'No resources found\n' : `No resources found in ${context.namespace} namespace.\n`);
}

async function find(context: CliContext, words: readonly string[], flags: Flags): Promise<{ readonly found: Found[]; readonly errors: unknown[] }> {
  const client = await context.client();
  if (filesOf(flags).length > 0) {
    const { manifests } = await startManifestRun(context, { ...flags, validate: 'ignore' });
    return collect(manifests.map(({ resource, namespace, name }) => () => one(client, { resource: resource as Resource, namespace, name })));
  }
  if (words.length === 0) throw new UsageError('You must specify the type of resource to describe. Use "minik api-resources" for a complete list of supported resources.');
  const selection = parseResourceArgs(words, await context.resources());
  const namespaceOf = (resource: Resource): string => (resource.namespaced && flags.allNamespaces !== true ? context.namespace : '');
  if (selection.type === 'names') return collect(selection.items.map(({ resource, name }) => () => oneOrPrefix(client, { resource, namespace: namespaceOf(resource), name })));
  return collect(selection.resources.map((resource) => () => many(client, { resource, namespace: namespaceOf(resource), labelSelector: flags.selector })));
}

async function collect(searches: readonly (() => Promise<Found[]>)[]): Promise<{ readonly found: Found[]; readonly errors: unknown[] }> {
  const results = await Promise.allSettled(searches.map((search) => search()));
  return {
    found: results.flatMap((result) => (result.status === 'fulfilled' ? result.value : [])),
    errors: results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : [])),
  };
}

interface Place {
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
}

async function one(client: Client, { resource, namespace, name }: Place): Promise<Found[]> {
  return [{ resource, object: await client.get(resource as Resource<KubeObject>, { namespace, name }) }];
}

/** kube: a name that does not exist is tried as the beginning of names. */
async function oneOrPrefix(client: Client, place: Place): Promise<Found[]> {
  try {
    return await one(client, place);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const matching = (await many(client, place)).filter(({ object }) => object.metadata?.name?.startsWith(place.name) === true);
    if (matching.length === 0) throw error;
    return matching.map((match) => ({ ...match, byPrefix: true }));
  }
}

async function many(client: Client, { resource, namespace, labelSelector }: { readonly resource: Resource; readonly namespace: string; readonly labelSelector?: string }): Promise<Found[]> {
  const { items } = await client.list(resource as Resource<KubeObject>, { namespace, labelSelector });
  return items.map((object) => ({ resource, object }));
}

async function relatedTo(client: Client, { resource, object }: Found, { now, withEvents }: { readonly now: number; readonly withEvents: boolean }): Promise<Related> {
  const events = withEvents ? await eventsAbout(client, object) : undefined;
  return { events, ...(await neighboursOf(client, { resource, object })), now };
}

async function eventsAbout(client: Client, { kind, metadata }: KubeObject): Promise<readonly CoreEvent[]> {
  const fields = [`involvedObject.name=${metadata?.name}`, `involvedObject.kind=${kind}`, ...(metadata?.namespace === undefined ? [] : [`involvedObject.uid=${metadata.uid}`])];
  return (await client.list(EVENTS, { namespace: metadata?.namespace, fieldSelector: fields.join(',') })).items;
}

async function neighboursOf(client: Client, { resource, object: { metadata } }: Found): Promise<Omit<Related, 'events' | 'now'>> {
  switch (resource) {
    case NODES as Resource: {
      const name = metadata?.name ?? '';
      const [pods, lease] = await Promise.all([client.list(PODS, { fieldSelector: `spec.nodeName=${name}` }), client.get(LEASES, { namespace: 'kube-node-lease', name }).catch((error: Error) => error)]);
      return { pods: pods.items, lease };
    }
    case PERSISTENT_VOLUME_CLAIMS as Resource:
      return { pods: (await client.list(PODS, { namespace: metadata?.namespace })).items.filter((pod) => claimNamesOf(pod).includes(metadata?.name ?? '')) };
    case SERVICES as Resource: {
      const slices = await client.list(ENDPOINT_SLICES, { namespace: metadata?.namespace, labelSelector: `${SERVICE_NAME_LABEL}=${metadata?.name}` });
      // Of another cluster's nodes nothing is known here, and not everybody may ask for them.
      const nodes = await client.list(NODES).catch(() => ({ items: [] }));
      return { slices: slices.items, node: nodes.items.find(({ status }) => status?.nodeInfo?.kubeletVersion.includes('+minik')) };
    }
    default:
      return {};
  }
}

// minik explain: what a kind and its fields mean, from the server's own schema.
import { apiVersionOf, type Resource } from '../../api/kinds.ts';
import { readValue } from '../../client/response-body.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { explainText, headerText } from '../explain/explain-text.ts';
import { schemaOfKind, walk, type OpenApiDocument } from '../explain/openapi-schema.ts';
import { resourceOfWord } from '../resource-args.ts';

interface Flags {
  readonly apiVersion?: string;
  readonly output: string;
  readonly recursive?: boolean;
}

export const registerExplain: RegisterVerb = (program, launch) => {
  const command = program
    .command('explain')
    .summary('what a kind and its fields mean')
    .description('Explains a kind, or a field of it: minik explain job.spec.backoffLimit')
    .argument('[kind.field...]', 'pod | job.spec | cronjob.spec.schedule')
    .option('--api-version <version>', 'of several, this version: batch/v1')
    .option('-o, --output <format>', 'plaintext', 'plaintext')
    .option('--recursive', 'the fields of the fields, too');
  command.action((words: string[], flags: Flags) => launch(command, (context) => explain(context, words, flags)));
};

async function explain(context: CliContext, words: readonly string[], flags: Flags): Promise<number> {
  const [word, ...more] = words;
  if (word === undefined) throw new UsageError('You must specify the type of resource to explain. Use "minik api-resources" for a complete list of supported resources.');
  if (more.length > 0) throw new UsageError('We accept only this format: explain RESOURCE');
  if (flags.output !== 'plaintext') throw new UsageError(`unrecognized format: ${flags.output}`);
  const [kindWord = '', ...path] = word.replace(/\.+$/, '').split('.');
  const resource = await resourceFor(context, kindWord, flags);
  if (resource === undefined) {
    await context.err.write(`the server doesn't have a resource type ${JSON.stringify(kindWord)}\n`);
    return 1;
  }
  const document = await readDocument(context, resource);
  const schema = schemaOfKind(document, resource);
  if (schema === undefined) throw new UsageError(`the server has no schema of ${resource.kind} in ${apiVersionOf(resource)}`);
  await context.out.write(headerText(resource));
  const found = walk(document, schema, path);
  if ('missing' in found) throw new UsageError(`field ${JSON.stringify(found.missing)} does not exist`);
  await context.out.write(explainText(document, { schema, field: found.field }, flags.recursive === true));
  return 0;
}

async function resourceFor(context: CliContext, word: string, { apiVersion }: Flags): Promise<Resource | undefined> {
  const all = await context.resources();
  const served = apiVersion === undefined ? all : all.filter((row) => apiVersionOf(row) === apiVersion);
  try {
    return resourceOfWord(word, served);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    if (apiVersion === undefined) return undefined;
    const [version, group = ''] = apiVersion.split('/').reverse();
    throw new UsageError(`couldn't find resource for "${group}/${version}, Resource=${word}"`);
  }
}

/** The index says where a group's document is, with a hash for those who keep copies. */
async function readDocument(context: CliContext, resource: Resource): Promise<OpenApiDocument> {
  const client = await context.client();
  const { paths = {} } = (await readValue((await client.request({ path: '/openapi/v3' })).body)) as { readonly paths?: Readonly<Record<string, { readonly serverRelativeURL: string }>> };
  const place = paths[resource.group === '' ? `api/${resource.version}` : `apis/${apiVersionOf(resource)}`];
  if (place === undefined) throw new UsageError(`the server has no schema of ${apiVersionOf(resource)}`);
  return (await readValue((await client.request({ path: place.serverRelativeURL })).body)) as OpenApiDocument;
}

// What minik simulate is asked to play: the CronJob or Job of a manifest, with no daemon at all, or one that the daemon has.
import { stat } from 'node:fs/promises';
import { CRON_JOBS, JOBS, type Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { UsageError, type CliContext } from '../context.ts';
import { throwAll } from '../error-text.ts';
import { loadManifests } from '../manifests/load-manifests.ts';
import type { LocatedManifest } from '../manifests/locate.ts';
import { parseResourceArgs, type ResourceName } from '../resource-args.ts';

export interface Subject {
  readonly resource: Resource<KubeObject>;
  readonly object: KubeObject;
  readonly namespace: string;
  /** Where it was read, for hints on mistakes; absent for an object of the daemon. */
  readonly manifest?: LocatedManifest;
}

const PLAYED: readonly Resource[] = [CRON_JOBS, JOBS];
const EXPECTED = 'a CronJob or a Job';

/** `words`: nothing, or one kind/name; it picks from the file when both are given. */
export async function findSubject(context: CliContext, words: readonly string[], file: string | undefined): Promise<Subject> {
  if (words.length > 1) throw new UsageError(`expected one cronjob/NAME or job/NAME, got ${words.length}: ${words.join(' ')}`);
  const [word] = words;
  if (file === undefined || (word === undefined && (await namesAnObject(file)))) {
    const name = word ?? file;
    if (name === undefined) throw new UsageError('expected -f FILE, cronjob/NAME or job/NAME to simulate');
    return fetchSubject(context, await parseName(context, name));
  }
  return subjectOfFile(context, file, word === undefined ? undefined : await parseName(context, word));
}

/** `-f job/x` means the object unless there is such a file. */
async function namesAnObject(file: string): Promise<boolean> {
  if (!/^[a-z.]+\/[^/]+$/.test(file) || /\.(?:ya?ml|json)$/.test(file)) return false;
  return stat(file).then(() => false, () => true);
}

async function parseName(context: CliContext, word: string): Promise<ResourceName> {
  if (!word.includes('/')) throw new UsageError(`expected cronjob/NAME or job/NAME, got ${JSON.stringify(word)}`);
  const selection = parseResourceArgs([word], await context.resources());
  const named = selection.type === 'names' ? selection.items[0] : undefined;
  if (named === undefined || !isPlayed(named.resource)) throw new UsageError(`cannot simulate ${JSON.stringify(word)}: expected ${EXPECTED}`);
  return named;
}

async function fetchSubject(context: CliContext, { resource, name }: ResourceName): Promise<Subject> {
  const typed = resource as Resource<KubeObject>;
  const client = await context.client();
  return { resource: typed, object: await client.get(typed, { namespace: context.namespace, name }), namespace: context.namespace };
}

async function subjectOfFile(context: CliContext, file: string, named: ResourceName | undefined): Promise<Subject> {
  const { manifests, errors, warnings } = await loadManifests(context, [file], {});
  throwAll(errors);
  for (const warning of warnings) await context.err.write(`Warning: ${warning}\n`);
  const fitting = manifests.filter(({ resource, name }) => isPlayed(resource) && (named === undefined || (resource.kind === named.resource.kind && name === named.name)));
  if (fitting.length === 1) {
    const manifest = fitting[0]!;
    return { resource: manifest.resource, object: manifest.object, namespace: manifest.namespace, manifest };
  }
  const found = manifests.map(({ resource, name }) => `${resource.singular}/${name}`).join(', ');
  if (fitting.length > 1) throw new UsageError(`${JSON.stringify(file)} holds ${found}: name the one to simulate behind the flags`);
  throw new UsageError(`nothing to simulate in ${JSON.stringify(file)}: expected ${EXPECTED}${named === undefined ? '' : ` named ${named.name}`}, found ${found === '' ? 'nothing' : found}`);
}

function isPlayed({ kind, group }: Resource): boolean {
  return PLAYED.some((one) => one.kind === kind && one.group === group);
}

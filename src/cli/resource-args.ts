// pure: which resources and objects the words behind a verb mean: "pods", "po,jobs.batch", "all", "pods a b", "pod/a job/b".
import { apiVersionOf, type Resource } from '../api/kinds.ts';
import { UsageError } from './context.ts';

export interface ResourceName {
  readonly resource: Resource;
  readonly name: string;
}

export type Selection =
  | { readonly type: 'lists'; readonly resources: readonly Resource[] }
  | { readonly type: 'names'; readonly items: readonly ResourceName[] };

/** `words` holds at least one word: what to say to none differs by verb. */
export function parseResourceArgs(words: readonly string[], resources: readonly Resource[]): Selection {
  if (words.some((word) => word.includes('/'))) return { type: 'names', items: words.map((word) => parsePair(word, resources)) };
  const kinds = (words[0] ?? '').split(',').flatMap((word) => expand(word, resources));
  const names = words.slice(1);
  if (names.length === 0) return { type: 'lists', resources: unique(kinds) };
  return { type: 'names', items: unique(kinds).flatMap((resource) => names.map((name) => ({ resource, name }))) };
}

/** The resource that one word means: plural, singular, short name or kind, perhaps with group or version and group. */
export function resourceOfWord(word: string, resources: readonly Resource[]): Resource {
  const found = lookUp(word, resources);
  if (found === undefined) throw new UsageError(`the server doesn't have a resource type "${word}"`);
  return found;
}

function parsePair(word: string, resources: readonly Resource[]): ResourceName {
  const parts = word.split('/');
  if (parts.length === 1) {
    throw new UsageError(
      "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'minik get resource/<resource_name>' instead of 'minik get resource resource/<resource_name>'",
    );
  }
  if (parts.length > 2) throw new UsageError(`arguments in resource/name form may not have more than one slash`);
  const [kind, name] = parts as [string, string];
  if (kind === '' || name === '' || kind.includes(',')) {
    throw new UsageError(`arguments in resource/name form must have a single resource and name`);
  }
  return { resource: resourceOfWord(kind, resources), name };
}

function expand(word: string, resources: readonly Resource[]): readonly Resource[] {
  const exact = lookUp(word, resources);
  if (exact !== undefined) return [exact];
  const members = resources.filter((resource) => resource.categories.includes(word));
  if (members.length === 0) throw new UsageError(`the server doesn't have a resource type "${word}"`);
  return members;
}

function lookUp(given: string, resources: readonly Resource[]): Resource | undefined {
  const word = given.toLowerCase();
  const plain = resources.find((resource) => isCalled(resource, word)) ?? resources.find((resource) => resource.shortNames.includes(word));
  if (plain !== undefined) return plain;
  const dot = word.indexOf('.');
  if (dot <= 0) return undefined;
  const [name, qualifier] = [word.slice(0, dot), word.slice(dot + 1)];
  return resources.find(
    (resource) =>
      (isCalled(resource, name) || resource.shortNames.includes(name)) &&
      (qualifier === resource.group || qualifier === `${resource.version}.${resource.group}` || qualifier === apiVersionOf(resource)),
  );
}

function isCalled(resource: Resource, word: string): boolean {
  return resource.plural === word || resource.singular === word || resource.kind.toLowerCase() === word;
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}

// pure: the grammar of image names, checked before the engine is asked, and split the way a pull wants it.

export interface ImageReference {
  /** With the registry when one is named: "busybox", "gcr.io/kuar-demo/kuard-amd64". */
  readonly repository: string;
  /** A tag, or a digest such as "sha256:..."; "latest" when neither is given. */
  readonly version: string;
  /** What to hand to the engine where it takes a name or an id. */
  readonly text: string;
}

const IMAGE_ID = /^(sha256:)?[0-9a-f]{64}$/;
const PATH_COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const DOMAIN = /^(?:\[[0-9a-fA-F:]+\]|[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*)(?::[0-9]+)?$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,}$/;
const LONGEST_REPOSITORY = 255;

/** Undefined when the text is no image name. */
export function parseImageReference(text: string): ImageReference | undefined {
  if (IMAGE_ID.test(text)) return { repository: text, version: '', text };
  const [name = '', digest, ...rest] = text.split('@');
  const colon = name.lastIndexOf(':');
  const hasTag = colon > name.lastIndexOf('/');
  const repository = hasTag ? name.slice(0, colon) : name;
  const tag = hasTag ? name.slice(colon + 1) : undefined;
  if (rest.length > 0 || !isRepository(repository)) return undefined;
  if (tag !== undefined && !TAG.test(tag)) return undefined;
  if (digest !== undefined && !DIGEST.test(digest)) return undefined;
  const version = digest ?? tag ?? 'latest';
  // A bare name of hex digits would be taken for the beginning of an image id.
  const asked = digest === undefined && tag === undefined && /^[0-9a-f]+$/.test(name) ? `${name}:latest` : text;
  return { repository, version, text: asked };
}

function isRepository(repository: string): boolean {
  if (repository === '' || repository.length > LONGEST_REPOSITORY) return false;
  const [first = '', ...others] = repository.split('/');
  if (others.length === 0) return PATH_COMPONENT.test(first);
  const named = first.includes('.') || first.includes(':') || first === 'localhost' || first !== first.toLowerCase();
  return (named ? DOMAIN.test(first) : PATH_COMPONENT.test(first)) && others.every((part) => PATH_COMPONENT.test(part));
}

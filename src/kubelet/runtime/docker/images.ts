// Images through the engine: what is here, and pulling what is not.
import { RuntimeError, type ImageInfo } from '../container-runtime.ts';
import type { EngineContext } from './containers.ts';
import { EngineRefusal, type EngineCall } from './engine-client.ts';
import { tolerating, translated } from './engine-errors.ts';
import { parseImageReference, type ImageReference } from './image-reference.ts';
import { asList, asRecord, asText } from './json-fields.ts';
import { parseImage } from './parse-inspect.ts';
import { pauseArchitecture, pauseImageArchive, PAUSE_REFERENCE } from './pause-image.ts';
import { createPullReader, isUnreachable } from './pull-progress.ts';

export async function findImage(context: EngineContext, text: string): Promise<ImageInfo | undefined> {
  const path = `/images/${encodeURI(validReference(text).text)}/json`;
  const found = await translated(() => tolerating([404], undefined, () => context.client.json({ method: 'GET', path })));
  return found === undefined ? undefined : parseImage(found);
}

export async function listImages(context: EngineContext): Promise<readonly ImageInfo[]> {
  const found = await translated(() => context.client.json({ method: 'GET', path: '/images/json' }));
  return asList(found).map(parseImage);
}

/** `auth` is the value of the engine's X-Registry-Auth header. */
export async function pullImage(
  context: EngineContext,
  text: string,
  options: { readonly signal: AbortSignal; readonly auth?: string },
): Promise<ImageInfo> {
  const reference = validReference(text);
  if (reference.version === '') throw pullFailed(`"${text}" is an image id, which no registry knows`);
  await download(context, reference, options);
  const image = await findImage(context, text);
  if (image === undefined) throw pullFailed(`the engine pulled "${text}" but does not list it`);
  return image;
}

/** Present already in all but the first call; looked up each time because images can be removed behind our back. */
export async function ensureSandboxImage(context: EngineContext): Promise<string> {
  if ((await findImage(context, PAUSE_REFERENCE)) !== undefined) return PAUSE_REFERENCE;
  const machine = asText(asRecord(await translated(() => context.client.json({ method: 'GET', path: '/info' })))['Architecture']);
  const architecture = pauseArchitecture(machine);
  if (architecture === undefined) throw new RuntimeError('Failed', `minik has no sandbox image for the architecture "${machine}"`);
  const headers = { 'content-type': 'application/x-tar' };
  const body = pauseImageArchive(architecture);
  const call = { method: 'POST', path: '/images/load', query: { quiet: true }, headers, body } as const;
  await translated(() => context.client.done(call));
  return PAUSE_REFERENCE;
}

async function download(
  context: EngineContext,
  reference: ImageReference,
  options: { readonly signal: AbortSignal; readonly auth?: string },
): Promise<void> {
  const call: EngineCall = {
    method: 'POST',
    path: '/images/create',
    query: { fromImage: reference.repository, tag: reference.version },
    headers: { ...(options.auth && { 'x-registry-auth': options.auth }) },
    // The engine is silent while it waits for the registry, which has time limits of its own.
    timeoutMs: 0,
    signal: options.signal,
  };
  const progress = createPullReader();
  try {
    const reply = await context.client.open(call);
    for await (const chunk of reply.body) progress.push(chunk as Uint8Array);
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    if (error instanceof EngineRefusal) throw pullFailed(error.message, error);
    if (error instanceof RuntimeError) throw error;
    throw new RuntimeError('Unavailable', `the engine broke off the pull: ${String(error)}`, { cause: error });
  }
  const failure = progress.failure();
  if (failure !== undefined) throw pullFailed(failure);
}

function validReference(text: string): ImageReference {
  const reference = parseImageReference(text);
  if (reference !== undefined) return reference;
  const why = /[A-Z]/.test(text) ? 'repository name must be lowercase' : 'see the name of the image in the manifest';
  throw new RuntimeError('InvalidImageName', `couldn't parse image name "${text}": invalid reference format: ${why}`);
}

function pullFailed(message: string, cause?: unknown): RuntimeError {
  return new RuntimeError('PullFailed', message, { cause, unreachable: isUnreachable(message) });
}

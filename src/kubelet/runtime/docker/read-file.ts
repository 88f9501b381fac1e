// One file out of a container's file system, through the engine's archive call.
import { posix } from 'node:path';
import type { EngineContext } from './containers.ts';
import { discard, type EngineReply } from './engine-client.ts';
import { tolerating, translated } from './engine-errors.ts';
import { asRecord, asText } from './json-fields.ts';
import { concatBytes, readFirstEntry } from './tar.ts';

const MOST_LINKS = 8;

export async function readContainerFile(
  context: EngineContext,
  id: string,
  file: { readonly path: string; readonly limitBytes: number },
): Promise<Uint8Array | undefined> {
  let path = file.path;
  for (let links = 0; links <= MOST_LINKS; links += 1) {
    const reply = await openArchive(context, id, path);
    if (reply === undefined) return undefined;
    const target = linkTarget(reply);
    if (target === '') return readFileEntry(reply, file.limitBytes);
    await discard(reply.body);
    path = posix.resolve(posix.dirname(path), target);
  }
  return undefined;
}

function openArchive(context: EngineContext, id: string, path: string): Promise<EngineReply | undefined> {
  const call = { method: 'GET', path: `/containers/${id}/archive`, query: { path } } as const;
  return translated(() => tolerating([404], undefined, () => context.client.open(call)));
}

/** The engine resolves links on the way to a file, but not the file itself. */
function linkTarget(reply: EngineReply): string {
  const stat = reply.headers['x-docker-container-path-stat'];
  if (typeof stat !== 'string') return '';
  return asText(asRecord(JSON.parse(Buffer.from(stat, 'base64').toString('utf8')))['linkTarget']);
}

async function readFileEntry(reply: EngineReply, limitBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of reply.body) {
    chunks.push(chunk as Uint8Array);
    const entry = readFirstEntry(concatBytes(chunks), limitBytes);
    if (entry.type === 'file') return entry.data;
    if (entry.type === 'other') return undefined;
  }
  return undefined;
}

// GET of a collection: selectors, chunks, and reads at a revision.
import { apiVersionOf } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { badRequestError, StatusError } from '../../api/status-error.ts';
import type { ApiResponse } from '../../api/wire.ts';
import { StoreError, type Entry, type Page } from '../../store/store.ts';
import type { Call, Verb } from '../call.ts';
import { decodeContinue, encodeContinue, type ContinueToken } from '../continue-token.ts';
import { formatOf, presentList, type ListMeta } from '../present.ts';
import { JSON_HEADERS } from '../reply.ts';
import { listRevision } from '../resource-version.ts';
import { selectionOf, type Selection } from '../selection.ts';
import { decodeEntry } from '../stored-object.ts';

/** How many entries a chunked list with a selector reads at a time while it fills its chunk. */
const SCAN_PAGE = 500;

export const list: Verb = async (call) => {
  const selection = selectionOf(call);
  const limit = limitOf(call);
  const from = startOf(call);
  if (selection.everything) return listAll(call, selection, { limit, from });
  const { objects, metadata } = await listSelected(call, selection, { limit, from });
  return presentList(call, objects, metadata);
};

interface Range {
  readonly limit: number | undefined;
  readonly from: Partial<ContinueToken>;
}

/** Every object of the selection, newest state: for deletecollection. */
export async function listObjects(call: Call): Promise<KubeObject[]> {
  return (await listSelected(call, selectionOf(call), { limit: undefined, from: {} })).objects;
}

async function listAll(call: Call, { prefix }: Selection, { limit, from }: Range): Promise<ApiResponse> {
  const page = await readPage(call, prefix, { limit, revision: from.revision, after: from.after });
  const metadata: ListMeta = {
    resourceVersion: String(page.revision),
    ...(page.remaining > 0 ? { continue: tokenAfter(page), remainingItemCount: page.remaining } : {}),
  };
  if (formatOf(call).type === 'object' && call.resource.storedAs === undefined) return listText(call, page.entries, metadata);
  return presentList(call, page.entries.map((entry) => decodeEntry(call.resource, entry)), metadata);
}

/** Stored text is sent as it is: a list of ten thousand objects parses none of them. */
function listText(call: Call, entries: readonly Entry[], metadata: ListMeta): ApiResponse {
  const head = JSON.stringify({ kind: `${call.resource.kind}List`, apiVersion: apiVersionOf(call.resource), metadata });
  const text = `${head.slice(0, -1)},"items":[${entries.map((entry) => entry.value).join(',')}]}`;
  return { status: 200, headers: JSON_HEADERS, body: { type: 'text', text } };
}

async function listSelected(call: Call, selection: Selection, { limit, from }: Range): Promise<{ objects: KubeObject[]; metadata: ListMeta }> {
  const objects: KubeObject[] = [];
  let { revision, after } = from;
  for (;;) {
    const page = await readPage(call, selection.prefix, { limit: limit === undefined ? undefined : SCAN_PAGE, revision, after });
    revision = page.revision;
    for (const entry of page.entries) {
      const object = decodeEntry(call.resource, entry);
      if (!selection.matches(object)) continue;
      // One more than asked for shows that the list goes on.
      if (limit !== undefined && objects.length === limit) {
        const resourceVersion = String(revision);
        return { objects, metadata: { resourceVersion, continue: encodeContinue({ revision, after: after! }) } };
      }
      objects.push(object);
      after = entry.key;
    }
    after = page.entries.at(-1)?.key ?? after;
    if (page.remaining === 0) return { objects, metadata: { resourceVersion: String(revision) } };
  }
}

async function readPage(call: Call, prefix: string, range: { readonly limit?: number; readonly revision?: number; readonly after?: string }): Promise<Page> {
  try {
    return await call.server.store.list(prefix, range);
  } catch (error) {
    if (error instanceof StoreError && error.code === 'Compacted') throw expiredContinue(range.after);
    if (error instanceof StoreError && error.code === 'FutureRevision') throw tooLargeVersion(range.revision ?? 0, call.server.store.revision);
    throw error;
  }
}

function tokenAfter(page: Page): string {
  return encodeContinue({ revision: page.revision, after: page.entries.at(-1)?.key ?? '' });
}

function limitOf(call: Call): number | undefined {
  const text = call.request.query.get('limit') ?? '';
  if (text === '' || text === '0') return undefined;
  if (!/^\d+$/.test(text)) throw badRequestError(`limit: Invalid value: ${JSON.stringify(text)}: must be a whole number`);
  return Number(text);
}

function startOf(call: Call): Partial<ContinueToken> {
  const text = call.request.query.get('continue') ?? '';
  if (text === '') return { revision: listRevision(call.request.query) };
  if ((call.request.query.get('resourceVersion') ?? '') !== '') {
    throw badRequestError('specifying resource version is not allowed when using continue');
  }
  const token = decodeContinue(text);
  return token.revision === 0 ? { after: token.after } : token;
}

/** With the reason comes a token that goes on from the same key at the newest revision. */
function expiredContinue(after: string | undefined): StatusError {
  if (after === undefined) {
    return new StatusError({ code: 410, reason: 'Expired', message: `The resourceVersion for the provided list is too old.` });
  }
  return new StatusError({
    code: 410,
    reason: 'Expired',
    message:
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    metadata: { continue: encodeContinue({ revision: 0, after }) },
  });
}

function tooLargeVersion(asked: number, newest: number): StatusError {
  return new StatusError({
    code: 504,
    reason: 'Timeout',
    message: `Timeout: Too large resource version: ${asked}, current: ${newest}`,
    details: { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }], retryAfterSeconds: 1 },
  });
}

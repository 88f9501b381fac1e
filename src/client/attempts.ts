// Attempts of containers over minik's own endpoints, beside the Kubernetes API: other clusters have none.
import type { Attempt, AttemptKey } from '../api/attempt/attempt.ts';
import { parseAttempt } from '../api/attempt/parse-attempt.ts';
import { StatusError } from '../api/status-error.ts';
import type { Client } from './client.ts';
import { readChunks, readText, readValue } from './response-body.ts';

/** The parameters of the Pod log API. */
export interface AttemptLogQuery {
  readonly timestamps?: boolean;
  readonly follow?: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  readonly sinceTime?: string;
  readonly limitBytes?: number;
  readonly signal?: AbortSignal;
}

export interface AttemptReader {
  /** In order of their start: running, ended and archived ones. Rejects with NoAttemptsError on another cluster. */
  list(query: { readonly namespace: string; readonly job?: string; readonly pod?: string }): Promise<readonly Attempt[]>;
  log(attempt: AttemptKey, query?: AttemptLogQuery): Promise<string>;
  /** The same as it comes, byte for byte. */
  chunks(attempt: AttemptKey, query?: AttemptLogQuery): AsyncIterable<Uint8Array>;
}

/** The server is no minik: it keeps no attempts. */
export class NoAttemptsError extends Error {
  override name = 'NoAttemptsError';
}

const PATH = '/minik/v1/attempts';

export function createAttemptReader(client: Client): AttemptReader {
  const open = (key: AttemptKey, { signal, ...query }: AttemptLogQuery) =>
    client.request({
      path: `${PATH}/${[key.podUid, key.container, key.restart].map((part) => encodeURIComponent(part)).join('/')}/log`,
      query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, value === undefined ? undefined : String(value)])),
      ...(signal === undefined ? {} : { signal }),
    });
  return {
    list: async (query) => attemptsOf(await readList(client, query)),
    log: async (key, query = {}) => readText((await open(key, query)).body),
    chunks: async function* (key, query = {}) {
      yield* readChunks((await open(key, query)).body);
    },
  };
}

async function readList(client: Client, query: Readonly<Record<string, string | undefined>>): Promise<unknown> {
  try {
    return await readValue((await client.request({ path: PATH, query })).body);
  } catch (error) {
    if (error instanceof StatusError && (error.code === 404 || error.code === 403)) throw new NoAttemptsError('this server keeps no attempts of containers: only minik does', { cause: error });
    throw error;
  }
}

function attemptsOf(value: unknown): readonly Attempt[] {
  const { items } = (value ?? {}) as { readonly items?: unknown };
  const attempts = Array.isArray(items) ? items.map(parseAttempt) : [undefined];
  if (attempts.includes(undefined)) throw new NoAttemptsError(`the reply to ${PATH} is not a list of attempts`);
  return attempts as readonly Attempt[];
}

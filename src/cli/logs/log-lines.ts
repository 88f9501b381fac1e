// Logs of containers as chunks, whole, or as lines with a prefix that never mix with those of another container.
import { PODS, resourcePath } from '../../api/kinds.ts';
import type { Pod } from '../../api/generated/types.ts';
import type { Client } from '../../client/client.ts';
import { readChunks } from '../../client/response-body.ts';
import type { Output } from '../context.ts';

export interface LogSource {
  readonly pod: Pod;
  readonly container: string;
}

export interface LogParameters {
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  readonly sinceTime?: string;
  readonly limitBytes?: number;
}

export interface Shown {
  readonly client: Client;
  readonly out: Output;
  readonly parameters: LogParameters;
  readonly signal: AbortSignal;
  /** Put before every line; '' copies the bytes as they are. */
  readonly prefix: string;
}

export async function showLog({ pod, container }: LogSource, shown: Shown): Promise<void> {
  const { client, out, parameters, signal, prefix } = shown;
  const text = (value: boolean | number | string | undefined): string | undefined => (value === undefined || value === false ? undefined : String(value));
  const { body } = await client.request({
    path: resourcePath(PODS, { namespace: pod.metadata?.namespace, name: pod.metadata?.name, subresource: 'log' }),
    query: {
      container: container === '' ? undefined : container,
      follow: text(parameters.follow),
      previous: text(parameters.previous),
      timestamps: text(parameters.timestamps),
      tailLines: text(parameters.tailLines),
      sinceSeconds: text(parameters.sinceSeconds),
      sinceTime: text(parameters.sinceTime),
      limitBytes: text(parameters.limitBytes),
    },
    signal,
  });
  await writeLog(readChunks(body), { out, prefix });
}

export async function writeLog(chunks: AsyncIterable<Uint8Array>, { out, prefix }: Pick<Shown, 'out' | 'prefix'>): Promise<void> {
  if (prefix === '') for await (const chunk of chunks) await out.write(chunk);
  else await writeLines(chunks, (line) => out.write(`${prefix}${line}\n`));
}

/** A last line without its end is a line all the same. */
async function writeLines(chunks: AsyncIterable<Uint8Array>, write: (line: string) => Promise<void>): Promise<void> {
  const decoder = new TextDecoder();
  let pending = '';
  for await (const chunk of chunks) {
    pending += decoder.decode(chunk, { stream: true });
    const lines = pending.split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) await write(line);
  }
  pending += decoder.decode();
  if (pending !== '') await write(pending);
}

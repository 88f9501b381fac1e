// What can be said of a home's daemon from outside: is it there, is it ready, where is it, what does it say of Docker.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Node } from '../../api/generated/types.ts';
import { NODES } from '../../api/kinds.ts';
import { createHttpClient } from '../../client/http-client.ts';
import { isReady, probe, socketPath } from '../daemon-process.ts';

export interface DaemonStatus {
  readonly running: boolean;
  readonly ready: boolean;
  /** 0 when none runs. */
  readonly pid: number;
  readonly version: string;
  /** "https://127.0.0.1:16443"; '' when none runs. */
  readonly endpoint: string;
  readonly home: string;
  /** What the node says of its engine: "docker://28.2.2", or why there is none. */
  readonly docker: string;
}

interface DaemonInfo {
  readonly pid: number;
  readonly endpoint: string;
  readonly version: string;
}

export async function readDaemonStatus(home: string): Promise<DaemonStatus> {
  const running = (await probe(home)) === 'answers';
  const info = running ? await readInfo(home) : undefined;
  return {
    running,
    ready: running && (await isReady(home)),
    pid: info?.pid ?? 0,
    version: info?.version ?? '',
    endpoint: info?.endpoint ?? '',
    home,
    docker: running ? await engineText(home) : '',
  };
}

/** Written by the daemon when it is ready. */
async function readInfo(home: string): Promise<DaemonInfo | undefined> {
  try {
    return JSON.parse(await readFile(join(home, 'daemon.json'), 'utf8')) as DaemonInfo;
  } catch {
    return undefined;
  }
}

async function engineText(home: string): Promise<string> {
  const client = createHttpClient({ socketPath: socketPath(home) }, { requestTimeoutMs: 2_000 });
  try {
    const { items } = await client.list(NODES);
    return items.map(nodeEngine).join(', ');
  } catch (error) {
    return `unknown: ${(error as Error).message}`;
  } finally {
    client.close();
  }
}

function nodeEngine({ status }: Node): string {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready !== undefined && ready.status !== 'True') return ready.message ?? ready.reason ?? 'not ready';
  return status?.nodeInfo?.containerRuntimeVersion ?? '';
}

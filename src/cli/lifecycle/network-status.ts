// What the daemon of a home says of the network: its capabilities on this host.
import type { NetworkCapability } from '../../api/network/network-status.ts';
import type { Client } from '../../client/client.ts';
import { createHttpClient } from '../../client/http-client.ts';
import { readValue } from '../../client/response-body.ts';
import { socketPath } from '../daemon-process.ts';

const LIMIT_MS = 2_000;

/** Empty when nobody answers, or an older daemon does. */
export async function readNetworkStatus(home: string): Promise<readonly NetworkCapability[]> {
  const client = createHttpClient({ socketPath: socketPath(home) }, { requestTimeoutMs: LIMIT_MS });
  try {
    return await networkCapabilities(client);
  } finally {
    client.close();
  }
}

/** What the server behind `client` says; empty when it is none of minik's. */
export async function networkCapabilities(client: Pick<Client, 'request'>): Promise<readonly NetworkCapability[]> {
  try {
    const { items } = (await readValue((await client.request({ path: '/minik/v1/network' })).body)) as { readonly items?: readonly NetworkCapability[] };
    return items ?? [];
  } catch {
    return [];
  }
}

/** "on: nftables", "off: nft is not installed on this host; to turn it on: sudo apt-get install nftables" */
export function capabilityText({ state, why, howToTurnOn }: NetworkCapability): string {
  return `${state}: ${why}${howToTurnOn === '' ? '' : `; ${state === 'on' ? 'for all of it' : 'to turn it on'}: ${howToTurnOn}`}`;
}

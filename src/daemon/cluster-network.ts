// The Service addresses of this home: one slot of the host's, chosen once, kept in the home, and held while the daemon runs.
import { readFile, writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { parseIpRange, type IpRange } from '../api/ip.ts';
import { clusterNetwork, NETWORK_SLOTS, type ClusterNetwork } from '../api/service/cluster-network.ts';
import type { Logger } from '../base/log.ts';
import { StartError } from './home.ts';
import type { HomePaths } from './paths.ts';
import { claimSlot, slotHolder, type SlotClaim } from './slot-claim.ts';
import { keptByOthers, noteSlot, readSlot } from './slot-notes.ts';
import { routedRanges, slotOrder } from './slot-order.ts';

export interface ClaimedNetwork {
  readonly network: ClusterNetwork;
  release(): Promise<void>;
}

export interface ClaimOptions {
  readonly paths: HomePaths;
  /** See slotNotesFolder. */
  readonly notes: string;
  /** Whether there are Services whose addresses somebody may rely on: they keep the home where it is. */
  readonly hasServices: () => boolean;
  readonly log: Logger;
}

/** Throws StartError when the addresses of this home are another's now, or when there are none left. */
export async function claimNetwork(options: ClaimOptions): Promise<ClaimedNetwork> {
  const { paths, notes, hasServices, log } = options;
  const holder = { home: paths.home, pid: process.pid };
  const kept = await readSlot(paths);
  const claim = kept === undefined ? undefined : await claimSlot(kept, holder);
  if (kept !== undefined && claim !== undefined) {
    await noteSlot(notes, kept, paths);
    return claimed(kept, claim);
  }
  if (kept !== undefined && hasServices()) throw await isTaken(kept, paths);
  const order = slotOrder({ kept: await keptByOthers(notes, paths), reachable: await reachableRanges() });
  for (const slot of order) {
    const free = await claimSlot(slot, holder);
    if (free === undefined) continue;
    await writeFile(paths.network, `${JSON.stringify({ slot })}\n`, { mode: 0o600 });
    await noteSlot(notes, slot, paths);
    log.info('Services have addresses of a range of their own', { range: clusterNetwork(slot).serviceCidr });
    return claimed(slot, free);
  }
  throw new StartError(`${NETWORK_SLOTS} miniks run on this host, as many as there are ranges for their Services' addresses; stop one of them (MINIK_HOME=... minik stop)`);
}

function claimed(slot: number, { release }: SlotClaim): ClaimedNetwork {
  return { network: clusterNetwork(slot), release };
}

async function isTaken(slot: number, { home }: HomePaths): Promise<StartError> {
  const holder = await slotHolder(slot);
  const who = holder === undefined ? 'another program' : `the minik of ${holder.home} (pid ${holder.pid})`;
  return new StartError(
    `${who} uses the Service addresses of ${home}, ${clusterNetwork(slot).serviceCidr}, and addresses of Services cannot change while there are Services: ` +
      `stop it${holder === undefined ? '' : ` (MINIK_HOME=${holder.home} minik stop)`}, or remove everything of this home (minik reset)`,
  );
}

async function reachableRanges(): Promise<IpRange[]> {
  const addresses = Object.values(networkInterfaces()).flatMap((entries) => (entries ?? []).flatMap(({ cidr }) => (cidr === null ? [] : parseIpRange(cidr) ?? [])));
  return [...addresses, ...routedRanges(await readFile('/proc/net/route', 'utf8').catch(() => ''))];
}

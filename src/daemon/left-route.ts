// The route of a home's Service addresses where even the program that would have removed it was killed: reset takes it away.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { clusterNetwork } from '../api/service/cluster-network.ts';
import type { HostPrograms } from '../api/network/host-programs.ts';
import { dropRoutes } from '../network/kernel/keeper-script.ts';
import { readSlot } from './slot-notes.ts';
import type { HomePaths } from './paths.ts';
import { claimSlot } from './slot-claim.ts';

/** `programs` is asked only when there is something to remove. */
export async function removeLeftRoute(paths: HomePaths, programs: () => Promise<HostPrograms>): Promise<void> {
  const slot = await readSlot(paths);
  const claim = slot === undefined ? undefined : await claimSlot(slot, { home: paths.home, pid: process.pid });
  // Another home that has these addresses now has made its own route of what was left.
  if (slot === undefined || claim === undefined) return;
  try {
    const { serviceCidr } = clusterNetwork(slot);
    if (!(await hasRoute(serviceCidr))) return;
    const program = await (await programs()).open(['sh', '-c', dropRoutes(serviceCidr)], () => {});
    await program.ended;
    await program.end();
  } finally {
    await claim.release();
  }
}

async function hasRoute(serviceCidr: string): Promise<boolean> {
  const options = { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } };
  const shown = promisify(execFile)('ip', ['route', 'show', 'table', 'local', 'to', 'root', serviceCidr], options);
  // Where there is no ip, nobody has made a route either.
  return (await shown.catch(() => ({ stdout: '' }))).stdout.trim() !== '';
}

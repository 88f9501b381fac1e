// The volume behind a Pod's claim: where it is on this machine, or upstream's words on why it cannot be mounted.
import { stat } from 'node:fs/promises';
import type { PersistentVolume, Pod, Volume } from '../../api/generated/types.ts';
import { claimNameOf, isClaimBound, isClaimForPod } from '../../api/volume/storage-facts.ts';
import { ConfigError, type ConfigObjects } from '../config-objects.ts';
import { prepareHostPath } from './host-path.ts';
import { shareWithGroup } from './group-rights.ts';

/** What stands in the message is all there is to say: nothing is put before it. */
export class MountError extends ConfigError {}

/** The path to mount. Throws MountError. */
export async function prepareClaimed(pod: Pod, volume: Volume, config: ConfigObjects): Promise<string> {
  const found = claimedVolume(pod, volume, config);
  const name = found.metadata?.name ?? '';
  const { hostPath, local } = found.spec ?? {};
  if (hostPath !== undefined) {
    await prepareHostPath(hostPath).catch((error: unknown) => Promise.reject(error instanceof ConfigError ? new MountError(`MountVolume.SetUp failed for volume "${name}" : ${error.message}`) : error));
    return hostPath.path;
  }
  if (local === undefined) throw new MountError(`MountVolume.SetUp failed for volume "${name}" : its source is neither hostPath nor local, the only ones that minik mounts`);
  if ((await stat(local.path).catch(() => undefined)) === undefined) throw new MountError(`MountVolume.NewMounter initialization failed for volume "${name}" : path "${local.path}" does not exist`);
  const { fsGroup, fsGroupChangePolicy } = pod.spec?.securityContext ?? {};
  const isReadOnly = volume.persistentVolumeClaim?.readOnly === true;
  if (fsGroup !== undefined && !isReadOnly) await shareWithGroup(local.path, fsGroup, { onlyIfRootDiffers: fsGroupChangePolicy === 'OnRootMismatch' });
  return local.path;
}

function claimedVolume(pod: Pod, volume: Volume, config: ConfigObjects): PersistentVolume {
  const name = claimNameOf(pod, volume) ?? '';
  const found = config.claim(name);
  const fail = (why: string): never => {
    const processing = volume.ephemeral === undefined ? 'PVC' : 'ephemeral PVC';
    throw new MountError(`Unable to attach or mount volumes: unmounted volumes=[${volume.name}], unattached volumes=[], failed to process volumes=[${volume.name}]: error processing ${processing} ${pod.metadata?.namespace}/${name}: ${why}`);
  };
  if (found === undefined) return fail(`failed to fetch PVC from API server: persistentvolumeclaims "${name}" not found`);
  const { claim, volume: bound } = found;
  if (volume.ephemeral !== undefined && !isClaimForPod(claim, pod)) return fail('PVC was not created for pod (pod is not owner)');
  if (claim.metadata?.deletionTimestamp !== undefined) return fail('PVC is being deleted');
  if (!isClaimBound(claim)) return fail('PVC is not bound');
  return bound ?? fail(`failed to fetch PV ${claim.spec?.volumeName} from API server: persistentvolumes "${claim.spec?.volumeName}" not found`);
}

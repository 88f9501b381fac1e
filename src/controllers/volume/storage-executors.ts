// Carries out what the planners of claims and volumes asked for; answers are shown to the informers at once, so that the
// next step is planned on them.
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../api/generated/types.ts';
import { PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, PODS } from '../../api/kinds.ts';
import { isAlreadyExists, isNotFound } from '../../api/status-error.ts';
import { toTime } from '../../api/time.ts';
import { CLAIM_PROTECTION, FOLDER_FINALIZER } from '../../api/volume/storage-names.ts';
import type { Clock } from '../../base/clock.ts';
import type { Client } from '../../client/client.ts';
import type { EventRecorder } from '../../client/event-recorder-contract.ts';
import type { Informer } from '../../client/informer-contract.ts';
import type { Executors } from '../runtime/executor.ts';
import { withoutFinalizer } from './plan-volume.ts';
import type { StorageAction } from './storage-action.ts';
import { usesClaim } from './claim-users.ts';

/** The folders of volumes, by the volume's name. Both may be repeated. */
export interface VolumeFolders {
  make(name: string): Promise<void>;
  /** With everything in it. */
  remove(name: string): Promise<void>;
}

export interface StorageContext {
  readonly client: Client;
  readonly claims: Informer<PersistentVolumeClaim>;
  readonly volumes: Informer<PersistentVolume>;
  readonly folders: VolumeFolders;
  readonly recorder: EventRecorder;
  readonly clock: Clock;
}

export const storageExecutors: Executors<StorageAction, StorageContext> = {
  'create-volume': createVolume,
  'write-volume': async ({ volume, event }, context) => {
    context.volumes.observe(await context.client.update(PERSISTENT_VOLUMES, volume));
    if (event !== undefined) context.recorder.event(event.about, event.event);
  },
  'write-volume-status': async ({ volume, status, event }, { client, clock, recorder, volumes }) => {
    volumes.observe(await client.updateStatus(PERSISTENT_VOLUMES, { ...volume, status: { ...status, lastPhaseTransitionTime: toTime(clock.now()) } }));
    if (event !== undefined) recorder.event(volume, event);
  },
  'delete-volume': async ({ volume }, context) => {
    const { client, volumes } = context;
    const { name = '', uid } = volume.metadata ?? {};
    if (await isClaimed(volume, context)) return;
    const answer = await client.delete(PERSISTENT_VOLUMES, { name }, { preconditions: { uid } });
    if (answer.kind === 'PersistentVolume') volumes.observe(answer as PersistentVolume);
  },
  'remove-folder': removeFolder,
  'write-claim': async ({ claim }, { client, claims }) => claims.observe(await client.update(PERSISTENT_VOLUME_CLAIMS, claim)),
  'bind-claim': async ({ claim, folder }, { client, claims, folders }) => {
    if (folder !== undefined) await folders.make(folder);
    claims.observe(await client.update(PERSISTENT_VOLUME_CLAIMS, claim));
  },
  'write-claim-status': async ({ claim, status }, { client, claims }) => claims.observe(await client.updateStatus(PERSISTENT_VOLUME_CLAIMS, { ...claim, status })),
  'lose-claim': async ({ claim, event }, { client, claims, recorder, volumes }) => {
    const name = claim.spec?.volumeName ?? '';
    const volume = name === '' || event.reason !== 'ClaimLost' ? undefined : await present(client.get(PERSISTENT_VOLUMES, { name }));
    if (volume !== undefined) return volumes.observe(volume);
    claims.observe(await client.updateStatus(PERSISTENT_VOLUME_CLAIMS, { ...claim, status: { phase: 'Lost' } }));
    recorder.event(claim, event);
  },
  'release-claim': releaseClaim,
};

async function createVolume({ volume, claim }: Extract<StorageAction, { readonly type: 'create-volume' }>, { client, recorder, volumes }: StorageContext): Promise<void> {
  try {
    volumes.observe(await client.create(PERSISTENT_VOLUMES, volume));
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    volumes.observe(await client.get(PERSISTENT_VOLUMES, { name: volume.metadata?.name ?? '' }));
    return;
  }
  recorder.event(claim, { type: 'Normal', reason: 'ProvisioningSucceeded', message: `Successfully provisioned volume ${volume.metadata?.name}` });
}

async function removeFolder({ volume }: Extract<StorageAction, { readonly type: 'remove-folder' }>, context: StorageContext): Promise<void> {
  const { client, clock, folders, recorder, volumes } = context;
  if (await isClaimed(volume, context)) return;
  try {
    await folders.remove(volume.metadata?.name ?? '');
  } catch (error) {
    const message = `the folder of the volume cannot be removed: ${(error as Error).message}`;
    recorder.event(volume, { type: 'Warning', reason: 'VolumeFailedDelete', message });
    if (volume.status?.phase !== 'Failed') volumes.observe(await client.updateStatus(PERSISTENT_VOLUMES, { ...volume, status: { phase: 'Failed', message, lastPhaseTransitionTime: toTime(clock.now()) } }));
    throw error;
  }
  volumes.observe(await client.update(PERSISTENT_VOLUMES, withoutFinalizer(volume, FOLDER_FINALIZER).volume));
}

/** The informer may lag, and what is removed is lost: the claim is asked for afresh. */
async function isClaimed({ metadata, spec, status }: PersistentVolume, { client, claims }: StorageContext): Promise<boolean> {
  const { name = '', namespace, uid } = spec?.claimRef ?? {};
  const claim = name === '' ? undefined : await present(client.get(PERSISTENT_VOLUME_CLAIMS, { namespace, name }));
  if (claim === undefined || claim.metadata?.uid !== uid) return false;
  if (claim.spec?.volumeName !== metadata?.name && status?.phase !== 'Bound') return false;
  claims.observe(claim);
  return true;
}

/** The informer may lag, and what is let go of is lost: Pods are asked for afresh. */
async function releaseClaim({ claim }: Extract<StorageAction, { readonly type: 'release-claim' }>, { client, claims }: StorageContext): Promise<void> {
  const { namespace, finalizers = [] } = claim.metadata ?? {};
  const { items } = await client.list<Pod>(PODS, { namespace });
  if (items.some((pod) => usesClaim(pod, claim))) return;
  claims.observe(await client.update(PERSISTENT_VOLUME_CLAIMS, { ...claim, metadata: { ...claim.metadata, finalizers: finalizers.filter((name) => name !== CLAIM_PROTECTION) } }));
}

async function present<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

// The controller of volumes: sees who has each, plans a step, takes it, and plans the next.
import type { PersistentVolume } from '../../api/generated/types.ts';
import { keyOf, objectKey } from '../../api/object.ts';
import { isNotFound } from '../../api/status-error.ts';
import type { Indexes } from '../../client/informer-contract.ts';
import type { Controller } from '../runtime/controller.ts';
import { execute } from '../runtime/executor.ts';
import { planVolume } from './plan-volume.ts';
import { storageExecutors, type StorageContext } from './storage-executors.ts';

/** A plan that never comes to its end must not keep a worker. */
const MOST_STEPS = 20;
const BY_CLAIM = 'claimed-by';

export const volumeIndexes: Indexes<PersistentVolume> = { [BY_CLAIM]: (volume) => [claimKeyOf(volume)].filter((key) => key !== '') };

/** `volumes` has the index above. */
export function createVolumeController(options: StorageContext): Controller {
  const { claims, volumes } = options;
  return {
    name: 'persistentvolume',
    connect(enqueue) {
      const stops = [
        volumes.onChange(({ key }) => enqueue(key)),
        claims.onChange(({ key, before, after }) => {
          for (const volume of volumes.byIndex(BY_CLAIM, key)) enqueue(keyOf(volume));
          for (const name of [before?.spec?.volumeName, after?.spec?.volumeName]) if (name !== undefined && name !== '') enqueue(name);
        }),
      ];
      for (const volume of volumes.list()) enqueue(keyOf(volume));
      return () => stops.forEach((stop) => stop());
    },
    async reconcile(key, signal) {
      try {
        for (let step = 0; step < MOST_STEPS && !signal.aborted; step += 1) {
          const volume = volumes.get(key);
          if (volume === undefined) return {};
          const { action } = planVolume({ volume, claim: claims.get(claimKeyOf(volume)) });
          if (action === undefined) return {};
          await execute([action], storageExecutors, options);
          // Its claim was there after all.
          if (volumes.get(key) === volume) return {};
        }
      } catch (error) {
        // It went meanwhile.
        if (!isNotFound(error)) throw error;
      }
      return {};
    },
  };
}

function claimKeyOf({ spec }: PersistentVolume): string {
  const { namespace = '', name = '' } = spec?.claimRef ?? {};
  return name === '' ? '' : objectKey({ namespace, name });
}

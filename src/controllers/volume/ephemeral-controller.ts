// Makes the claims of Pods' ephemeral volumes.
import type { PersistentVolumeClaim, Pod } from '../../api/generated/types.ts';
import { PERSISTENT_VOLUME_CLAIMS } from '../../api/kinds.ts';
import { controllerOf, keyOf, objectKey } from '../../api/object.ts';
import { isAlreadyExists } from '../../api/status-error.ts';
import type { Client } from '../../client/client.ts';
import type { EventRecorder } from '../../client/event-recorder-contract.ts';
import type { Informer } from '../../client/informer-contract.ts';
import type { Controller } from '../runtime/controller.ts';
import { planEphemeralClaims } from './plan-ephemeral-claims.ts';

export interface EphemeralVolumeOptions {
  readonly client: Client;
  readonly pods: Informer<Pod>;
  readonly claims: Informer<PersistentVolumeClaim>;
  readonly recorder: EventRecorder;
}

export function createEphemeralVolumeController({ client, pods, claims, recorder }: EphemeralVolumeOptions): Controller {
  const isConcerned = (pod: Pod | undefined): boolean => pod?.spec?.volumes?.some(({ ephemeral }) => ephemeral !== undefined) === true;
  return {
    name: 'ephemeral-volume',
    connect(enqueue) {
      const stops = [
        pods.onChange(({ key, before, after }) => {
          if (before?.metadata?.uid !== after?.metadata?.uid && isConcerned(after)) enqueue(key);
        }),
        claims.onChange(({ before, after }) => {
          const owner = before === undefined ? undefined : controllerOf(before);
          if (after === undefined && owner?.kind === 'Pod') enqueue(objectKey({ namespace: before?.metadata?.namespace ?? '', name: owner.name }));
        }),
      ];
      for (const pod of pods.list()) if (isConcerned(pod)) enqueue(keyOf(pod));
      return () => stops.forEach((stop) => stop());
    },
    async reconcile(key) {
      const pod = pods.get(key);
      if (pod === undefined) return {};
      const namespace = pod.metadata?.namespace ?? '';
      for (const claim of planEphemeralClaims(pod, (name) => claims.get(objectKey({ namespace, name })))) {
        await client.create(PERSISTENT_VOLUME_CLAIMS, claim).then(
          (created) => claims.observe(created),
          (error: unknown) => {
            if (isAlreadyExists(error)) return;
            recorder.event(pod, { type: 'Warning', reason: 'FailedBinding', message: `ephemeral volume: create PVC ${claim.metadata?.name}: ${(error as Error).message}` });
            throw error;
          },
        );
      }
      return {};
    },
  };
}

// The controller of claims: gathers a claim, volumes, classes and Pods, plans a step, takes it, and plans the next.
import type { Node, PersistentVolumeClaim, Pod, StorageClass } from '../../api/generated/types.ts';
import { keyOf, objectKey } from '../../api/object.ts';
import { isNotFound } from '../../api/status-error.ts';
import { claimNamesOf, isClaimBound } from '../../api/volume/storage-facts.ts';
import { SELECTED_NODE } from '../../api/volume/storage-names.ts';
import type { Indexes, Informer, InformerChange } from '../../client/informer-contract.ts';
import type { Controller } from '../runtime/controller.ts';
import { execute } from '../runtime/executor.ts';
import { usesClaim } from './claim-users.ts';
import { planClaim, type ClaimObserved } from './plan-claim.ts';
import { storageExecutors, type StorageContext } from './storage-executors.ts';

export interface ClaimControllerOptions extends StorageContext {
  readonly classes: Informer<StorageClass>;
  /** With the index below. */
  readonly pods: Informer<Pod>;
  readonly nodes: Informer<Node>;
  /** Where the folders of volumes are. */
  readonly foldersPath: string;
}

/** A plan that never comes to its end must not keep a worker. */
const MOST_STEPS = 20;
const BY_CLAIM = 'naming-the-claim';

export const claimPodIndexes: Indexes<Pod> = { [BY_CLAIM]: claimKeys };

export function createClaimController(options: ClaimControllerOptions): Controller {
  const { claims, classes, pods, recorder, volumes } = options;
  /** Uids of claims -> what they were last told that they wait for. */
  const told = new Map<string, string>();
  return {
    name: 'persistentvolumeclaim',
    connect(enqueue) {
      const unbound = (): void => claims.list().filter((claim) => !isClaimBound(claim)).forEach((claim) => enqueue(keyOf(claim)));
      const stops = [
        claims.onChange(({ key, before, after }) => {
          if (after?.metadata?.uid !== before?.metadata?.uid) told.delete(before?.metadata?.uid ?? '');
          enqueue(key);
        }),
        volumes.onChange(({ before, after }) => {
          for (const reference of [before?.spec?.claimRef, after?.spec?.claimRef]) {
            if (reference !== undefined) enqueue(objectKey({ namespace: reference.namespace ?? '', name: reference.name ?? '' }));
          }
          // A claim may have been waiting for just this one.
          unbound();
        }),
        classes.onChange(unbound),
        pods.onChange((change) => claimsConcerned(change).forEach((key) => enqueue(key))),
      ];
      for (const claim of claims.list()) enqueue(keyOf(claim));
      return () => stops.forEach((stop) => stop());
    },
    async reconcile(key, signal) {
      try {
        for (let step = 0; step < MOST_STEPS && !signal.aborted; step += 1) {
          const claim = claims.get(key);
          if (claim === undefined) return {};
          const { action, waiting } = planClaim(observe(claim, options));
          if (waiting !== undefined && told.get(claim.metadata?.uid ?? '') !== waiting.message) {
            told.set(claim.metadata?.uid ?? '', waiting.message);
            recorder.event(claim, waiting);
          }
          if (action === undefined) return {};
          await execute([action], storageExecutors, options);
          // A Pod uses it after all.
          if (action.type === 'release-claim' && claims.get(key) === claim) return {};
        }
      } catch (error) {
        // It went meanwhile: its informer tells what is to be done then, if anything.
        if (!isNotFound(error)) throw error;
      }
      return {};
    },
  };
}

function observe(claim: PersistentVolumeClaim, { classes, foldersPath, nodes, pods, volumes }: ClaimControllerOptions): ClaimObserved {
  const naming = pods.byIndex(BY_CLAIM, keyOf(claim));
  const isWaiting = ({ spec, metadata }: Pod): boolean => (spec?.nodeName ?? '') === '' && metadata?.deletionTimestamp === undefined;
  return {
    claim,
    node: nodes.get(claim.metadata?.annotations?.[SELECTED_NODE] ?? ''),
    volumes: volumes.list(),
    classes: classes.list(),
    users: naming.filter((pod) => usesClaim(pod, claim)).map(({ metadata }) => metadata?.name ?? ''),
    waitingPods: naming.filter(isWaiting).map(({ metadata }) => metadata?.name ?? ''),
    folders: foldersPath,
  };
}

function claimKeys(pod: Pod): string[] {
  return claimNamesOf(pod).map((name) => objectKey({ namespace: pod.metadata?.namespace ?? '', name }));
}

/** That a Pod came, was placed or went matters; how it gets on does not. */
function claimsConcerned({ before, after }: InformerChange<Pod>): string[] {
  const isSame = before !== undefined && after !== undefined && before.metadata?.uid === after.metadata?.uid && before.spec?.nodeName === after.spec?.nodeName;
  return isSame ? [] : [...new Set([before, after].flatMap((pod) => (pod === undefined ? [] : claimKeys(pod))))];
}

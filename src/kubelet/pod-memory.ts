// pure: what a Pod's loop knows beyond the API object and the containers: pulls, volumes, failed creations, stops.
//
// None of it is the only place of a fact that matters: after a restart of the daemon an empty memory leads to the same
// end, at worst a back-off earlier.
import type { PodStatus } from '../api/generated/types.ts';
import type { ContainerProbes } from './probes/probe-state.ts';
import type { ImageInfo } from './runtime/container-runtime.ts';

export type ImageState =
  | { readonly type: 'ready'; readonly reference: string; readonly attempt: number; readonly image: ImageInfo }
  /** `failure` is how the pull before went wrong. */
  | { readonly type: 'pulling'; readonly reference: string; readonly failure?: ImageFailure }
  | ({ readonly type: 'failed' } & ImageFailure);

export interface ImageFailure {
  readonly reference: string;
  readonly reason: 'ErrImagePull' | 'ErrImageNeverPull' | 'InvalidImageName' | 'ImageInspectError';
  readonly message: string;
  readonly failures: number;
  readonly failedAt: number;
  /** Until when no further pull is tried. */
  readonly retryAt: number;
}

export type VolumesState =
  | { readonly type: 'none' }
  /** Written as of `version` of what they are made of. */
  | { readonly type: 'ready'; readonly version: string; /** When they are to be written anew, changes or not. */ readonly refreshAt?: number | undefined }
  | { readonly type: 'failed'; readonly version: string; readonly message: string; readonly failures: number; readonly retryAt: number }
  | { readonly type: 'removed' };

/** What the Pod fails with, whatever its containers say. */
export interface PodFailure {
  readonly reason: string;
  readonly message: string;
  /** Absent: what the Pod asks for. */
  readonly graceSeconds?: number;
  /** It is the node's doing: the Pod gets the condition DisruptionTarget. */
  readonly isDisruption?: boolean;
}

/** A container or sandbox that could not be made; `attempt` is the one that was tried. */
export interface CreationFailure {
  readonly attempt: number;
  readonly reason: string;
  readonly message: string;
  readonly failures: number;
  readonly retryAt: number;
  /** The version of ConfigMaps and Secrets it failed with: another one is worth a try at once. */
  readonly version: string;
}

/** A resize that did not work; another generation of the Pod is worth a try at once. */
export interface ResizeFailure {
  readonly message: string;
  readonly generation: number;
  readonly failures: number;
  readonly retryAt: number;
}

/** A stop under way, or one that failed and is to be repeated. */
export interface StopState {
  readonly deadline: number;
  readonly retryAt?: number;
}

export type HookState = 'running' | 'failed';

export type LastIp =
  | { readonly type: 'unread' }
  | { readonly type: 'reading' }
  /** '' when it cannot be told. */
  | { readonly type: 'read'; readonly ip: string };

export interface PodMemory {
  /** When this kubelet first saw the Pod: status.startTime unless the API knows better. */
  readonly acceptedAt: number;
  /** By container name. */
  readonly images: ReadonlyMap<string, ImageState>;
  readonly volumes: VolumesState;
  /** When what lies in size-limited volumes was last looked at. */
  readonly volumesMeasuredAt: number;
  /** Why the Pod has to go, though its containers run. */
  readonly evicted?: PodFailure;
  /** The pause container whose address is filtered as policies say. */
  readonly guardedSandbox?: string;
  /** By container name, SANDBOX included. */
  readonly creations: ReadonlyMap<string, CreationFailure>;
  /** By container id. */
  readonly stops: ReadonlyMap<string, StopState>;
  /** By container id. */
  readonly resizeFailures: ReadonlyMap<string, ResizeFailure>;
  /** The runtime's words on a start that failed, by container id. */
  readonly startErrors: ReadonlyMap<string, string>;
  /** By container id. */
  readonly probes: ReadonlyMap<string, ContainerProbes>;
  /** postStart hooks that are not over, or have failed, by container id. */
  readonly hooks: ReadonlyMap<string, HookState>;
  /** Termination messages, by container id. */
  readonly terminationMessages: ReadonlyMap<string, string>;
  /** The address of a container that was over before it was seen. */
  readonly lastIp: LastIp;
  /** The newest status that was computed; at first the API's. */
  readonly published: PodStatus;
  /** The phase in the last status that the API acknowledged. */
  readonly writtenPhase: string;
  /** Keys of once-only events that have been recorded. */
  readonly recorded: ReadonlySet<string>;
  readonly objectDeleted: boolean;
}

export function newPodMemory(status: PodStatus, now: number): PodMemory {
  return {
    acceptedAt: now,
    images: new Map(),
    volumes: { type: 'none' },
    volumesMeasuredAt: now,
    creations: new Map(),
    stops: new Map(),
    resizeFailures: new Map(),
    startErrors: new Map(),
    probes: new Map(),
    hooks: new Map(),
    terminationMessages: new Map(),
    lastIp: { type: 'unread' },
    published: status,
    writtenPhase: status.phase ?? 'Pending',
    recorded: new Set(),
    objectDeleted: false,
  };
}

// pure: everything that a plan for a Pod may ask for, as data. run-action.ts has one executor for each.
import type { Container } from '../api/generated/types.ts';
import type { EventText } from '../client/event-recorder-contract.ts';
import type { ProbeKind } from './probes/probe-state.ts';

export type PodAction =
  /** Make the image of this attempt available by the container's pull policy. */
  | { readonly type: 'ensure-image'; readonly container: Container; readonly attempt: number }
  /** Write the volumes as of `version` of the objects they are made of. */
  | { readonly type: 'prepare-volumes'; readonly version: string }
  /** See whether what lies in size-limited volumes has outgrown them. */
  | { readonly type: 'measure-volumes' }
  | { readonly type: 'create-sandbox'; readonly attempt: number }
  /** Have packets of the sandbox's address filtered as policies say. */
  | { readonly type: 'guard-sandbox'; readonly id: string; readonly ip: string }
  /** Create this attempt unless it exists, and start it unless it was started. */
  | {
      readonly type: 'start-container';
      readonly container: Container;
      readonly attempt: number;
      readonly restartLevel: number;
      /** undefined: the container has a network of its own, or the host's. */
      readonly sandboxId: string | undefined;
      /** The container whose processes it sees: an ephemeral container's target. */
      readonly processesOf?: string;
    }
  /** Ask the container once. */
  | { readonly type: 'probe-container'; readonly id: string; readonly kind: ProbeKind; readonly container: Container }
  /** The preStop hook of `container`, if any, then TERM, and KILL at `deadline` (milliseconds since the epoch). */
  | { readonly type: 'stop-container'; readonly id: string; readonly deadline: number; readonly container: Container }
  /** Give a running container the size that it is to have as of this generation of the Pod. */
  | { readonly type: 'resize-container'; readonly id: string; readonly container: Container; readonly generation: number }
  | { readonly type: 'kill-container'; readonly id: string }
  | { readonly type: 'remove-container'; readonly id: string }
  | { readonly type: 'remove-volumes' }
  /** The last act of a graceful deletion: the API object goes, if it still is this Pod. */
  | { readonly type: 'delete-pod' }
  /** Recorded once for each key in the life of a loop. */
  | { readonly type: 'record-event'; readonly key: string; readonly event: EventText };

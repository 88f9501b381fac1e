// How controllers and the kubelet say what they did: Event objects, repeats counted on one object.
import type { KubeObject } from '../api/object.ts';

export interface EventRecorder {
  /** Never throws and never waits: an event that cannot be written is logged. */
  event(about: KubeObject, event: EventText): void;
}

export interface EventText {
  readonly type: 'Normal' | 'Warning';
  /** UpperCamelCase: "SuccessfulCreate". */
  readonly reason: string;
  readonly message: string;
  /** involvedObject.fieldPath: "spec.containers{worker}". */
  readonly fieldPath?: string;
}

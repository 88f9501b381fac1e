// pure: what a Job's controller tells of the Pods that it makes and deletes, once that has worked.
import type { EventText } from '../../client/event-recorder-contract.ts';

export function podCreated(name: string): EventText {
  return { type: 'Normal', reason: 'SuccessfulCreate', message: `Created pod: ${name}` };
}

export function podDeleted(name: string): EventText {
  return { type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted pod: ${name}` };
}

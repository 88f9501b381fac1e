// Says on each policy, once for each reason, that it is not enforced.
import type { NetworkPolicy } from '../../api/generated/types.ts';
import type { EventRecorder } from '../../client/event-recorder-contract.ts';
import { problemText, type EnforcementProblem } from './enforcement.ts';

export class PolicyTeller {
  readonly #recorder: EventRecorder;
  /** "uid why" */
  readonly #told = new Set<string>();

  constructor(recorder: EventRecorder) {
    this.#recorder = recorder;
  }

  tell(policies: readonly NetworkPolicy[], problem: EnforcementProblem): void {
    const text = problemText(problem);
    for (const policy of policies) {
      const key = `${policy.metadata?.uid} ${text}`;
      if (this.#told.has(key)) continue;
      this.#told.add(key);
      this.#recorder.event(policy, { type: 'Warning', reason: 'NotEnforced', message: `This policy is not enforced: ${text}` });
    }
  }
}

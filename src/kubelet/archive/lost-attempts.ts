// Attempts whose containers somebody removed behind the kubelet's back: what is known of them is kept, their logs are lost.
import { attemptKeyText, type Attempt } from '../../api/attempt/attempt.ts';
import type { Pod } from '../../api/generated/types.ts';
import type { KubeletContext } from '../kubelet-context.ts';
import type { ContainerState } from '../runtime/container-runtime.ts';
import { lostFacts, statedAttempts } from './attempt-facts.ts';

/** Those that the Pod's status tells of and the engine does not have. */
export function lostOf(pod: Pod, containers: readonly ContainerState[]): readonly Attempt[] {
  const present = new Set(containers.map(({ identity }) => attemptKeyText({ ...identity, restart: identity.attempt })));
  return statedAttempts(pod).filter((attempt) => !present.has(attemptKeyText(attempt)));
}

/** What was archived before its container went is no loss, and stays as it is. */
export async function keepLost({ archive, clock, log }: KubeletContext, attempts: readonly Attempt[]): Promise<void> {
  for (const attempt of attempts) {
    const facts = { ...lostFacts(attempt, clock.now()), logProblem: 'its container was not removed by minik, and its log went with it' };
    await archive.keep(facts, new Uint8Array()).catch((error: unknown) => log.warn('a lost attempt was not archived', { pod: attempt.pod, error }));
  }
}

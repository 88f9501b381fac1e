// Attempts as the API server asks for them: the containers that are there, and what was kept of those that are gone.
import { attemptKeyText, compareAttempts, type Attempt } from '../../api/attempt/attempt.ts';
import { isMeant, type AttemptSource } from '../../api/attempt/attempt-source.ts';
import { selectLog } from '../../api/attempt/select-log.ts';
import type { ContainerRuntime } from '../runtime/container-runtime.ts';
import type { AttemptArchive } from './attempt-archive.ts';

/** An attempt whose container is there. */
export interface LiveAttempt {
  readonly attempt: Attempt;
  readonly containerId: string;
}

export interface AttemptSources {
  readonly archive: AttemptArchive;
  readonly runtime: ContainerRuntime;
  readonly live: () => readonly LiveAttempt[];
}

export function createAttemptSource({ archive, runtime, live }: AttemptSources): AttemptSource {
  return {
    async list(query) {
      const kept = await archive.list(query);
      const keys = new Set(kept.map(attemptKeyText));
      // Between the archiving of an attempt and the removal of its container it is in both.
      const others = live().filter(({ attempt }) => isMeant(attempt, query) && !keys.has(attemptKeyText(attempt)));
      return [...kept, ...others.map(({ attempt }) => attempt)].sort(compareAttempts);
    },
    async log(key, range) {
      const kept = await archive.readLog(key);
      if (kept !== undefined) return once(selectLog(kept, range));
      const wanted = attemptKeyText(key);
      const found = live().find(({ attempt }) => attemptKeyText(attempt) === wanted);
      return found === undefined ? undefined : runtime.logs(found.containerId, range);
    },
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}

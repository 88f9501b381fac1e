// pure: a Pod that is not there any more, judged by the runs that were kept of it.
import type { ContainerRun } from '../runs/container-run.ts';
import { fact, type Diagnosis } from './diagnosis.ts';
import { attemptEvidence, logEvidence } from './evidence.ts';
import type { LogTails } from './facts.ts';
import { howItEnded } from './how-it-ended.ts';
import { lastFailure } from './pod/over.ts';

export function diagnoseGonePod(name: string, { runs, logs }: { readonly runs: readonly ContainerRun[]; readonly logs: LogTails }): Diagnosis {
  const failed = lastFailure(runs);
  const told = failed ?? runs.at(-1);
  const ending = told === undefined ? undefined : howItEnded(told, { events: [] });
  return {
    rule: 'deleted',
    health: failed === undefined ? 'complete' : 'trouble',
    verdict: `pod/${name} is not there any more; ${failed === undefined ? 'what was kept of it succeeded' : `its container ${ending?.phrase}`}`,
    evidence: [...logEvidence(logs, told), ...attemptEvidence(runs), ...(ending?.facts ?? []).map(fact)],
    suggestions: [...(ending?.suggestions ?? []), `minik logs ${name} --archived`],
  };
}

// pure: one run's end in words: what the exit code means, told apart by what else is known, and what can be done.
import type { Container } from '../../api/generated/types.ts';
import type { ContainerRun } from '../runs/container-run.ts';
import { containersOfPod } from '../../api/pod/pod-containers.ts';
import { exitMeaning } from './exit-meaning.ts';
import { graceOf, killerOf, type EndContext } from './killed-by.ts';

export interface Ending {
  /** Goes after "its container": "exited with 3". */
  readonly phrase: string;
  readonly facts: readonly string[];
  readonly suggestions: readonly string[];
}

const SIGKILL_CODE = 137;
const SIGTERM_CODE = 143;

export function howItEnded(run: ContainerRun, context: EndContext): Ending {
  if (run.exitCode === undefined) return { phrase: 'is still running', facts: [], suggestions: [] };
  const ending = endingOf(run, context);
  const said = run.message.trim();
  const isQuoted = said === '' || run.reason === 'StartError' || run.reason === 'ContainerStatusUnknown';
  return isQuoted ? ending : { ...ending, facts: [`its termination message: ${said}`, ...ending.facts] };
}

function endingOf(run: ContainerRun, context: EndContext): Ending {
  const { exitCode = 0, reason } = run;
  if (reason === 'OOMKilled') return outOfMemory(run, context);
  if (/^(StartError|ContainerCannotRun|RunContainerError)$/.test(reason)) return neverStarted(run);
  if (reason === 'ContainerStatusUnknown' && run.startedAt === undefined) {
    return { phrase: 'never ran: its Pod was over before it could start', facts: [], suggestions: [] };
  }
  const killer = exitCode === SIGKILL_CODE || exitCode === SIGTERM_CODE ? killerOf(run, context) : undefined;
  if (exitCode === SIGKILL_CODE) return killed(killer, context);
  if (exitCode === SIGTERM_CODE) {
    const phrase = `was asked to end with SIGTERM (exit code 143)${killer === undefined ? '' : ` ${killer.text}`}`;
    const from = 'SIGTERM is sent to ask a program to end: when a Pod is deleted, its Job is suspended or over, or by "docker stop".';
    return { phrase, facts: killer === undefined ? [from] : [], suggestions: [] };
  }
  const { phrase, note } = exitMeaning(exitCode);
  return { phrase, facts: note === undefined ? [] : [note], suggestions: [] };
}

function outOfMemory(run: ContainerRun, context: EndContext): Ending {
  const limit = containerOf(run, context)?.resources?.limits?.['memory'];
  const phrase = limit === undefined ? 'was killed because the machine ran out of memory (OOMKilled, exit code 137)' : `was killed for using more memory than its limit of ${limit} (OOMKilled, exit code 137)`;
  return {
    phrase,
    facts: ['The kernel kills at once: the program gets no signal that it could handle, and its log may end in mid-line.'],
    suggestions: [
      limit === undefined ? 'give the container resources.limits.memory, or let fewer Pods run at once (spec.parallelism)' : `raise resources.limits.memory above ${limit}, or make the program use less (heap size, batch size, workers)`,
    ],
  };
}

function neverStarted({ exitCode, message }: ContainerRun): Ending {
  const said = message.trim();
  const facts = said === '' ? [] : [said];
  if (/executable file not found|no such file or directory/i.test(said)) {
    const program = /exec:? "([^"]+)"/.exec(said)?.[1];
    return {
      phrase: `could not start: the program ${program === undefined ? 'of its command' : `"${program}"`} is not in the image (exit code ${exitCode})`,
      facts,
      suggestions: ['correct "command" in the container: each word is a list item of its own, and no shell reads it unless you name one: ["sh", "-c", "..."]'],
    };
  }
  if (/permission denied|is a directory/i.test(said)) {
    return { phrase: `could not start: its command may not be executed (exit code ${exitCode})`, facts, suggestions: ['make the file executable in the image (RUN chmod +x ...), or start it through its interpreter: ["sh", "/path/to/it"]'] };
  }
  if (/exec format error/i.test(said)) {
    return { phrase: `could not start: its command is no program for this machine (exit code ${exitCode})`, facts, suggestions: ['build the image for this architecture (docker build --platform), and let scripts begin with "#!"'] };
  }
  return { phrase: `could not be started (exit code ${exitCode})`, facts, suggestions: [] };
}

function killed(killer: ReturnType<typeof killerOf>, context: EndContext): Ending {
  if (killer === undefined) {
    return {
      phrase: 'was killed by SIGKILL (exit code 137)',
      facts: ['It was not killed for its memory limit, and nobody here asked for its end: something on this machine sent SIGKILL ("docker kill", "kill -9"), or the program did it to itself.'],
      suggestions: [],
    };
  }
  const grace = graceOf(context);
  const ignored = killer.by === 'lost' ? [] : [`SIGTERM came first; whoever is still there after terminationGracePeriodSeconds${grace === undefined ? '' : ` (${grace})`} is killed with SIGKILL.`];
  return { phrase: `was killed ${killer.text} (exit code 137)`, facts: ignored, suggestions: suggestionsFor(killer.by) };
}

function suggestionsFor(by: NonNullable<ReturnType<typeof killerOf>>['by']): string[] {
  switch (by) {
    case 'liveness':
    case 'startup':
      return ['give the probe more time (initialDelaySeconds, periodSeconds, failureThreshold, timeoutSeconds), or mend what it asks'];
    case 'pod-deadline':
    case 'job-deadline':
      return ['raise activeDeadlineSeconds, or make the work shorter'];
    default:
      return [];
  }
}

function containerOf({ container }: ContainerRun, { pod, job }: EndContext): Container | undefined {
  const spec = pod?.spec ?? job?.spec?.template.spec;
  return containersOfPod({ spec }).find(({ name }) => name === container);
}

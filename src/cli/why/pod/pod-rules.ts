// pure: what can be said of a Pod, in the order in which it is asked: the first rule that knows an answer gives it.
import { firstAnswer, type Diagnosis, type Rule } from '../diagnosis.ts';
import type { PodFacts } from '../facts.ts';
import { initializing, keptAlive, notReady, podRunning, podStarting } from './alive.ts';
import { claimTrouble } from './claims.ts';
import { configError, creationError, mountTrouble } from './config.ts';
import { crashLoop } from './crash-loop.ts';
import { imageTrouble } from './image.ts';
import { podDeleting, podFailed, podSucceeded } from './over.ts';
import { otherScheduler, schedulingGated, unschedulable } from './scheduling.ts';

/** To add a rule: a function in a file of its trouble, and its place here. */
const RULES: readonly Rule<PodFacts>[] = [
  podDeleting,
  podSucceeded,
  podFailed,
  schedulingGated,
  otherScheduler,
  claimTrouble,
  unschedulable,
  imageTrouble,
  configError,
  mountTrouble,
  creationError,
  crashLoop,
  initializing,
  keptAlive,
  notReady,
  podRunning,
];

export function diagnosePod(facts: PodFacts): Diagnosis {
  return firstAnswer(RULES, facts) ?? podStarting(facts);
}

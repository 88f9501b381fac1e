// pure: the next Pods of a Job, from its template.
//
// Their names look generated but follow from the Job's uid and an ordinal, so that a create that is repeated (a lost reply,
// a crash before the answer was seen) meets its own Pod and makes no second one. An ordinal is free when no Pod that is
// still there, released and foreign ones too, has its name; counting starts at the number of Pods that have ended, so that names are not used again while
// their Pods can still be seen.
import type { Job, Pod } from '../../api/generated/types.ts';
import { JOB_TRACKING_FINALIZER } from '../../api/job/labels.ts';
import type { PodSlot } from './how-many.ts';
import { withIndex } from './indexed-pod.ts';

const LONGEST_BASE = 58;
const SUFFIX_LENGTH = 5;
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

export interface NextPodsOptions {
  /** Where counting starts: how many Pods have ended, of an index those that are still there. */
  readonly ended: (index: number | undefined) => number;
  readonly isNameTaken: (name: string) => boolean;
}

export function nextPods(job: Job, slots: readonly PodSlot[], { ended, isNameTaken }: NextPodsOptions): Pod[] {
  const given = new Set<string>();
  return slots.map((slot) => {
    let ordinal = ended(slot.index);
    let name = podName(job, slot.index, ordinal);
    for (; given.has(name) || isNameTaken(name); name = podName(job, slot.index, ordinal)) ordinal += 1;
    given.add(name);
    const pod = podFromTemplate(job, name, slot.index);
    return slot.index === undefined ? pod : withIndex(job, pod, { ...slot, index: slot.index });
  });
}

export function podName(job: Job, index: number | undefined, ordinal: number): string {
  return generateNameOf(job, index) + suffixOf(`${job.metadata?.uid}/${index === undefined ? '' : `${index}/`}${ordinal}`);
}

function podFromTemplate(job: Job, name: string, index: number | undefined): Pod {
  const { metadata, spec } = job.spec!.template;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: generateNameOf(job, index),
      namespace: job.metadata?.namespace,
      ...(metadata?.labels === undefined ? {} : { labels: metadata.labels }),
      ...(metadata?.annotations === undefined ? {} : { annotations: metadata.annotations }),
      finalizers: [...(metadata?.finalizers ?? []), JOB_TRACKING_FINALIZER],
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'Job', name: job.metadata?.name ?? '', uid: job.metadata?.uid ?? '', controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: spec!,
  };
}

/** A name that is too long loses its own end, never the index. */
function generateNameOf(job: Job, index: number | undefined): string {
  const end = index === undefined ? '-' : `-${index}-`;
  if (index === undefined) return `${job.metadata?.name}${end}`.slice(0, LONGEST_BASE);
  return `${job.metadata?.name}`.slice(0, LONGEST_BASE - end.length) + end;
}

/** Five characters of FNV-1a in upstream's name alphabet. */
function suffixOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const char of text) hash = BigInt.asUintN(64, (hash ^ BigInt(char.codePointAt(0)!)) * 0x100000001b3n);
  // The low bits of FNV vary least between neighbours: fold the high ones in.
  let rest = hash ^ (hash >> 29n);
  let suffix = '';
  for (let at = 0; at < SUFFIX_LENGTH; at += 1) {
    suffix += ALPHABET[Number(rest % BigInt(ALPHABET.length))];
    rest /= BigInt(ALPHABET.length);
  }
  return suffix;
}

// pure: the next Pods of a Job, from its template.
//
// Their names look generated but follow from the Job's uid and an ordinal, so that a create that is repeated (a lost reply,
// a crash before the answer was seen) meets its own Pod and makes no second one. An ordinal is free when no Pod that is
// still there, released and foreign ones too, has its name; counting starts at the number of Pods that have ended, so that names are not used again while
// their Pods can still be seen.
import type { Job, Pod } from '../../api/generated/types.ts';
import { JOB_TRACKING_FINALIZER } from '../../api/job/labels.ts';

const LONGEST_BASE = 58;
const SUFFIX_LENGTH = 5;
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

export function nextPods(job: Job, options: { readonly count: number; readonly ended: number; readonly isNameTaken: (name: string) => boolean }): Pod[] {
  const pods: Pod[] = [];
  for (let ordinal = options.ended; pods.length < options.count; ordinal += 1) {
    const name = podName(job, ordinal);
    if (!options.isNameTaken(name)) pods.push(podFromTemplate(job, name));
  }
  return pods;
}

export function podName(job: Job, ordinal: number): string {
  return generateNameOf(job) + suffixOf(`${job.metadata?.uid}/${ordinal}`);
}

function podFromTemplate(job: Job, name: string): Pod {
  const { metadata, spec } = job.spec!.template;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: generateNameOf(job),
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

function generateNameOf(job: Job): string {
  return `${job.metadata?.name}-`.slice(0, LONGEST_BASE);
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

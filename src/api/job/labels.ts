// pure: the names by which a Job and its Pods find each other.

export const JOB_TRACKING_FINALIZER = 'batch.kubernetes.io/job-tracking';
export const JOB_NAME_LABEL = 'batch.kubernetes.io/job-name';
export const CONTROLLER_UID_LABEL = 'batch.kubernetes.io/controller-uid';
export const LEGACY_JOB_NAME_LABEL = 'job-name';
export const LEGACY_CONTROLLER_UID_LABEL = 'controller-uid';
/** A label and an annotation of an Indexed Job's Pods. */
export const COMPLETION_INDEX = 'batch.kubernetes.io/job-completion-index';
/** Annotations of Pods of Jobs that limit the failures of each index: counted and ignored ones before this Pod. */
export const INDEX_FAILURES = 'batch.kubernetes.io/job-index-failure-count';
export const INDEX_IGNORED_FAILURES = 'batch.kubernetes.io/job-index-ignored-failure-count';

/** The labels that a Job puts on its template unless it has them. */
export function generatedLabels(name: string, uid: string): Record<string, string> {
  return { [CONTROLLER_UID_LABEL]: uid, [JOB_NAME_LABEL]: name, [LEGACY_CONTROLLER_UID_LABEL]: uid, [LEGACY_JOB_NAME_LABEL]: name };
}

// pure: how a failed pull is worded while the kubelet waits to try again: first as the error, then as the back-off.
import type { ImageFailure } from './pod-memory.ts';

/** So long the status shows the error itself. */
const SHOWN_MS = 2_000;

export interface ImageWait {
  readonly reason: string;
  readonly message: string;
  readonly isBackingOff: boolean;
  /** When the wording or the wait changes next, in milliseconds since the epoch. */
  readonly nextAt: number;
}

export function imageWait(failure: ImageFailure, now: number): ImageWait {
  const { reason, message, failedAt, reference, retryAt } = failure;
  const backsOffAt = failedAt + SHOWN_MS;
  if (reason !== 'ErrImagePull' || now < backsOffAt) {
    return { reason, message, isBackingOff: false, nextAt: reason === 'ErrImagePull' ? backsOffAt : retryAt };
  }
  return {
    reason: 'ImagePullBackOff',
    message: `Back-off pulling image "${reference}": ErrImagePull: ${message}`,
    isBackingOff: true,
    nextAt: retryAt,
  };
}

// pure: what one try of a probe came to.

export type ProbeAnswer =
  | { readonly type: 'success' }
  /** Passed, with something to tell. */
  | { readonly type: 'warning'; readonly output: string }
  | { readonly type: 'failure'; readonly output: string }
  /** The question could not be put at all. */
  | { readonly type: 'error'; readonly message: string };

/** Longer answers are cut. */
export const LONGEST_OUTPUT = 10 * 1024;

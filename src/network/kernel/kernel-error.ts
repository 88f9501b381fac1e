// Why the kernel of this host forwards nothing for us, and what the user can do about it.

export class KernelError extends Error {
  override name = 'KernelError';
  /** '' where nothing can be done. */
  readonly remedy: string;

  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.remedy = remedy;
  }
}

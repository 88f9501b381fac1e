// The one session of a home with the kernel, opened when somebody first needs it, and shared by all who do.
import { openKernelSession, type KernelSession, type KernelSessionOptions, type RunningKernelSession } from './kernel-session.ts';

export interface KernelAccess {
  /** Rejects with words for people; the next call tries again. */
  session(): Promise<KernelSession>;
  /** Takes every rule back. */
  stop(): Promise<void>;
}

export function createKernelAccess(options: KernelSessionOptions): KernelAccess {
  let opened: Promise<RunningKernelSession> | undefined;
  return {
    session() {
      opened ??= openKernelSession(options).catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      return opened;
    },
    async stop() {
      await (await opened?.catch(() => undefined))?.stop();
    },
  };
}

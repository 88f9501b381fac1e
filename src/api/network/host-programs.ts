// pure: the port to programs of the host that run as root: nft, ip, conntrack. Root starts them itself; others through an engine.

/** A program with its input held open. It ends when its input ends, so it never outlives the daemon. */
export interface HostProgram {
  write(text: string): void;
  /** Says why, in words for people; never rejects. */
  readonly ended: Promise<string>;
  /** Ends its input and waits for it; what does not end within some seconds is killed. */
  end(): Promise<void>;
}

export type HearOutput = (stream: 'stdout' | 'stderr', text: string) => void;

export interface HostPrograms {
  /** "as root", "through a helper container": for `minik status`. */
  readonly way: string;
  /** Rejects with words for people when the program is not there, or may not be run. */
  open(command: readonly string[], hear: HearOutput): Promise<HostProgram>;
}

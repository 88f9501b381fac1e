// What an open port is to those who open and close it, whatever its protocol.

export interface Listener {
  /** Takes no more; what it took lives on where the protocol has connections. The port is free when this returns. */
  close(): void;
  /** The rule behind it has changed. */
  refresh(): void;
}

/** Rejects with the system's error; its code says why. */
export type OpenListener = () => Promise<Listener>;

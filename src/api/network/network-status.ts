// pure: what `minik status` says of the network: what works on this host, what does not, why, and how to change that.

export interface NetworkCapability {
  readonly name: 'service addresses' | 'kernel forwarding' | 'network policies' | 'cluster DNS';
  /** idle: nobody has needed it yet, so nothing was tried. */
  readonly state: 'on' | 'off' | 'idle';
  /** How it works, or why it does not. */
  readonly why: string;
  /** A command, or what to change; '' where nothing need be, or can be, done. */
  readonly howToTurnOn: string;
}

export interface NetworkStatusSource {
  capabilities(): readonly NetworkCapability[];
}

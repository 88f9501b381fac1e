// pure: how long a connection may be silent before the other end is asked whether it is there.
export const KEEP_ALIVE_MS = 30_000;

// pure: the keys that leave a terminal of the engine's. Its own (Ctrl-P, Ctrl-Q) would be missed by the process, and none is
// no choice, so they are ones that nobody types.
export const NO_DETACH_KEYS = 'ctrl-^,ctrl-_,ctrl-^,ctrl-_,ctrl-^,ctrl-_,ctrl-^,ctrl-_';

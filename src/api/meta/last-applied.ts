// pure: where `apply` notes what it was given, so that it can tell later what was taken away.

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

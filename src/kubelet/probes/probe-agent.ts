// pure: how probes and hooks introduce themselves over HTTP and gRPC.

export const PROBE_AGENT = 'kube-probe/1.35';
export const HOOK_AGENT = 'kube-lifecycle/1.35';

// The names that go with a Pod's network, for whichever container holds it: host name and resolver.
import type { KubeletContext } from '../kubelet-context.ts';
import type { PodRecord } from '../pod-record.ts';
import type { ContainerSpec } from '../runtime/container-runtime.ts';
import { readHostResolvConf } from './host-files.ts';
import { podDns, type DnsSurroundings } from './pod-dns.ts';
import { podHostname } from './pod-hostname.ts';

export type NetworkNames = Pick<ContainerSpec, 'hostname' | 'domainname' | 'dns'>;

/** Tells the Pod what of its wishes could not be met. Throws ConfigError when it cannot be called what it asks for. */
export async function networkNames({ context, record }: { readonly context: KubeletContext; readonly record: PodRecord }): Promise<NetworkNames> {
  const { pod } = record;
  const { kernelName, domain, hostname } = podHostname(pod);
  const { dns, warnings } = podDns(pod, { clusterDns: await clusterDns(context), resolvConf: await readHostResolvConf() });
  for (const [reason, message] of warnings) context.recorder.event(pod, { type: 'Warning', reason, message });
  return {
    // On the host's network the host's own name rules.
    ...(pod.spec?.hostNetwork === true ? {} : { hostname: kernelName, ...(domain === '' || kernelName !== hostname ? {} : { domainname: domain }) }),
    ...(dns === undefined ? {} : { dns }),
  };
}

async function clusterDns({ clusterDns: ask }: KubeletContext): Promise<DnsSurroundings['clusterDns']> {
  if (ask === undefined) return { type: 'unknown' };
  const ip = await ask();
  return ip === undefined ? { type: 'off' } : { type: 'on', ip };
}

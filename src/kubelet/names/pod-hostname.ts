// pure: what a Pod is called: its host name, and the domain below which others find it.
import type { Pod } from '../../api/generated/types.ts';
import { CLUSTER_DOMAIN } from '../../api/service/cluster-network.ts';
import { ConfigError } from '../config-objects.ts';

export interface PodHostname {
  /** Of one label, but where the Pod overrides it. */
  readonly hostname: string;
  /** "peers.default.svc.cluster.local"; '': nobody else knows the name. */
  readonly domain: string;
  /** What the kernel gives as the host's name. */
  readonly kernelName: string;
}

const LONGEST_LABEL = 63;
/** The kernel's own limit. */
const LONGEST_KERNEL_NAME = 64;

/** Throws ConfigError when the name as a whole is asked for and is too long for the kernel. */
export function podHostname({ metadata, spec }: Pod): PodHostname {
  const override = spec?.hostnameOverride ?? '';
  if (override !== '') return alone(cut(override, LONGEST_KERNEL_NAME));
  const hostname = cut(spec?.hostname || metadata?.name || '', LONGEST_LABEL);
  const subdomain = spec?.subdomain ?? '';
  if (subdomain === '') return alone(hostname);
  const domain = `${subdomain}.${metadata?.namespace ?? ''}.svc.${CLUSTER_DOMAIN}`;
  return { hostname, domain, kernelName: spec?.setHostnameAsFQDN === true ? wholeName(`${hostname}.${domain}`) : hostname };
}

function alone(hostname: string): PodHostname {
  return { hostname, domain: '', kernelName: hostname };
}

function cut(name: string, longest: number): string {
  return name.slice(0, longest).replace(/[.-]+$/, '');
}

function wholeName(name: string): string {
  if (name.length <= LONGEST_KERNEL_NAME) return name;
  throw new ConfigError(`Failed to construct FQDN from Pod hostname and cluster domain, FQDN ${name} is too long (${LONGEST_KERNEL_NAME} characters is the max, ${name.length} characters requested)`);
}

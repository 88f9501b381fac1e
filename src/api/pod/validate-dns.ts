// pure: what a Pod may say about names: dnsPolicy, dnsConfig, hostAliases, hostnameOverride.
import { checkIpAddress, checkSubdomain, SUBDOMAIN_TEXT } from '../dns-name.ts';
import { child, forbidden, invalid, required, tooLong, type FieldError } from '../field-errors.ts';
import { eachItem, named, oneOf } from '../field-rules.ts';
import type { PodDNSConfig, PodSpec } from '../generated/types.ts';

const POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const MAX_SERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_SEARCH_CHARACTERS = 2048;
const LONGEST_KERNEL_NAME = 64;

export function validateDns(spec: PodSpec, path: string): FieldError[] {
  return [
    ...oneOf(spec.dnsPolicy, POLICIES, child(path, 'dnsPolicy')),
    ...validateHostnameOverride(spec, child(path, 'hostnameOverride')),
    ...validateDnsConfig(spec.dnsConfig, child(path, 'dnsConfig'), spec.dnsPolicy),
    ...eachItem(spec.hostAliases, child(path, 'hostAliases'), ({ ip = '', hostnames }, at) => [
      ...named(ip, checkIpAddress, child(at, 'ip')),
      ...eachItem(hostnames, child(at, 'hostnames'), (name, field) => named(name, checkSubdomain, field)),
    ]),
  ];
}

/** It is the kernel's name for the Pod as a whole: nothing else may have a say in it. */
function validateHostnameOverride({ hostnameOverride: name, hostNetwork, setHostnameAsFQDN }: PodSpec, path: string): FieldError[] {
  if (name === undefined) return [];
  return [
    ...named(name, checkSubdomain, path),
    ...(name.length > LONGEST_KERNEL_NAME ? [tooLong(path, LONGEST_KERNEL_NAME)] : []),
    ...(setHostnameAsFQDN === true ? [forbidden(path, 'may not be set when `setHostnameAsFQDN` is true')] : []),
    ...(hostNetwork === true ? [forbidden(path, 'may not be set when `hostNetwork` is true')] : []),
  ];
}

function validateDnsConfig(config: PodDNSConfig | undefined, path: string, policy: string | undefined): FieldError[] {
  const { nameservers = [], searches = [], options } = config ?? {};
  const [serversPath, searchesPath] = [child(path, 'nameservers'), child(path, 'searches')];
  if (policy === 'None' && config === undefined) return [required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')];
  if (policy === 'None' && nameservers.length === 0) return [required(serversPath, 'must provide at least one DNS nameserver when `dnsPolicy` is None')];
  return [
    ...(nameservers.length > MAX_SERVERS ? [invalid(serversPath, nameservers, `must not have more than ${MAX_SERVERS} nameservers`)] : []),
    ...eachItem(nameservers, serversPath, (server, at) => named(server, checkIpAddress, at)),
    ...(searches.length > MAX_SEARCHES ? [invalid(searchesPath, searches, `must not have more than ${MAX_SEARCHES} search paths`)] : []),
    ...(searches.join(' ').length > MAX_SEARCH_CHARACTERS
      ? [invalid(searchesPath, searches, `must not have more than ${MAX_SEARCH_CHARACTERS} characters (including spaces) in the search list`)]
      : []),
    ...eachItem(searches, searchesPath, (search, at) => (search === '.' ? [] : named(search.replace(/\.$/, ''), checkSearch, at))),
    ...eachItem(options, child(path, 'options'), ({ name = '' }, at) => (name === '' ? [required(at, 'must not be empty')] : [])),
  ];
}

/** Like a host name, but underscores may stand anywhere. */
function checkSearch(search: string): string[] {
  const part = '[a-z0-9_]([-_a-z0-9]*[a-z0-9_])?';
  const isName = new RegExp(`^${part}(\\.${part})*$`);
  return search.length <= 253 && isName.test(search) ? [] : [SUBDOMAIN_TEXT];
}

// pure: what a NetworkPolicy must be.
import { checkPortName, checkPortNumber, checkSubdomain } from '../dns-name.ts';
import { child, forbidden, index, invalid, required, type FieldError } from '../field-errors.ts';
import { eachItem, named, optionalOneOf } from '../field-rules.ts';
import type { IPBlock, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec } from '../generated/types.ts';
import { parseIpRange } from '../ip.ts';
import { validateLabelSelector } from '../meta/validate-label-selector.ts';
import { validateMeta, validateMetaUpdate } from '../meta/validate-meta.ts';
import { checkIpRange } from '../validate-ip.ts';

const POLICY_TYPES = ['Ingress', 'Egress'];

export function validateNetworkPolicy({ metadata, spec }: NetworkPolicy): FieldError[] {
  return [...validateMeta(metadata, checkSubdomain), ...validateSpec(spec ?? {}, 'spec')];
}

export function validateNetworkPolicyUpdate({ metadata, spec }: NetworkPolicy): FieldError[] {
  return [...validateMetaUpdate(metadata), ...validateSpec(spec ?? {}, 'spec')];
}

function validateSpec({ podSelector, ingress, egress, policyTypes = [] }: NetworkPolicySpec, path: string): FieldError[] {
  const types = child(path, 'policyTypes');
  return [
    ...validateLabelSelector(podSelector, child(path, 'podSelector')),
    ...eachItem(ingress, child(path, 'ingress'), (rule, at) => validateRule({ ports: rule.ports, peers: rule.from, peersPath: child(at, 'from') }, at)),
    ...eachItem(egress, child(path, 'egress'), (rule, at) => validateRule({ ports: rule.ports, peers: rule.to, peersPath: child(at, 'to') }, at)),
    ...(policyTypes.length > POLICY_TYPES.length
      ? [invalid(types, policyTypes, 'may not specify more than two policyTypes')]
      : eachItem(policyTypes, types, (type, at) => optionalOneOf(type, POLICY_TYPES, at))),
  ];
}

interface Rule {
  readonly ports: readonly NetworkPolicyPort[] | undefined;
  readonly peers: readonly NetworkPolicyPeer[] | undefined;
  readonly peersPath: string;
}

function validateRule({ ports, peers, peersPath }: Rule, path: string): FieldError[] {
  return [...eachItem(ports, child(path, 'ports'), validatePort), ...eachItem(peers, peersPath, validatePeer)];
}

function validatePort({ protocol, port, endPort }: NetworkPolicyPort, path: string): FieldError[] {
  const field = child(path, 'port');
  return [
    ...optionalOneOf(protocol, ['TCP', 'UDP', 'SCTP'], child(path, 'protocol')),
    ...(typeof port === 'number' ? checkPortNumber(port).map((problem) => invalid(field, port, problem)) : []),
    ...(typeof port === 'string' ? named(port, checkPortName, field) : []),
    ...(endPort === undefined ? [] : validateEndPort(endPort, port, child(path, 'endPort'))),
  ];
}

/** The end of a range of ports, of which `port` is the beginning. */
function validateEndPort(endPort: number, port: number | string | undefined, field: string): FieldError[] {
  if (port === undefined) return [invalid(field, endPort, 'may not be specified when `port` is not specified')];
  if (typeof port === 'string') return [invalid(field, endPort, 'may not be specified when `port` is non-numeric')];
  return [
    ...(endPort < port ? [invalid(field, endPort, 'must be greater than or equal to `port`')] : []),
    ...checkPortNumber(endPort).map((problem) => invalid(field, endPort, problem)),
  ];
}

function validatePeer({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer, path: string): FieldError[] {
  const hasSelector = podSelector !== undefined || namespaceSelector !== undefined;
  return [
    ...validateLabelSelector(podSelector, child(path, 'podSelector')),
    ...validateLabelSelector(namespaceSelector, child(path, 'namespaceSelector')),
    ...(ipBlock === undefined ? [] : validateIpBlock(ipBlock, child(path, 'ipBlock'))),
    ...(!hasSelector && ipBlock === undefined ? [required(path, 'must specify a peer')] : []),
    ...(hasSelector && ipBlock !== undefined ? [forbidden(path, 'may not specify both ipBlock and another peer')] : []),
  ];
}

function validateIpBlock({ cidr = '', except }: IPBlock, path: string): FieldError[] {
  const field = child(path, 'cidr');
  if (cidr === '') return [required(field)];
  const whole = parseIpRange(cidr);
  if (whole === undefined) return named(cidr, checkIpRange, field);
  return (except ?? []).flatMap((text, row) => {
    const at = index(child(path, 'except'), row);
    const part = parseIpRange(text);
    if (part === undefined) return named(text, checkIpRange, at);
    const isInside = part.family === whole.family && part.first >= whole.first && part.last <= whole.last && part.prefix > whole.prefix;
    return isInside ? [] : [invalid(at, text, 'must be a strict subset of `cidr`')];
  });
}

// pure: Leases: who holds something, and until when.
import { checkSubdomain } from '../dns-name.ts';
import { forbidden, invalid, notSupported, type FieldError } from '../field-errors.ts';
import type { Lease } from '../generated/types.ts';
import { validateMeta, validateMetaUpdate } from '../meta/validate-meta.ts';

const STRATEGIES = ['OldestEmulationVersion'];

export function validateLease(lease: Lease): FieldError[] {
  return [...validateMeta(lease.metadata, checkSubdomain), ...validateSpec(lease)];
}

export function validateLeaseUpdate(next: Lease): FieldError[] {
  return [...validateMetaUpdate(next.metadata), ...validateSpec(next)];
}

function validateSpec({ spec = {} }: Lease): FieldError[] {
  const { leaseDurationSeconds: seconds, leaseTransitions: transitions, preferredHolder = '', strategy } = spec;
  return [
    ...(seconds !== undefined && seconds <= 0 ? [invalid('spec.leaseDurationSeconds', seconds, 'must be greater than 0')] : []),
    ...(transitions !== undefined && transitions < 0 ? [invalid('spec.leaseTransitions', transitions, 'must be greater than or equal to 0')] : []),
    ...(strategy !== undefined && !STRATEGIES.includes(strategy) ? [notSupported('spec.strategy', strategy, STRATEGIES)] : []),
    ...(preferredHolder !== '' && (strategy ?? '') === '' ? [forbidden('spec.preferredHolder', 'may only be specified if `strategy` is defined')] : []),
  ];
}

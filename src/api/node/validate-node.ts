// pure: what a Node must be, and what of it may change.
import { checkLabelValue, checkSubdomain } from '../dns-name.ts';
import { sameValue } from '../equality.ts';
import { child, duplicate, forbidden, invalid, type FieldError } from '../field-errors.ts';
import { eachItem, oneOf } from '../field-rules.ts';
import type { Node, Taint } from '../generated/types.ts';
import { validateLabelName, validateMeta, validateMetaUpdate } from '../meta/validate-meta.ts';

export function validateNode(node: Node): FieldError[] {
  return [...validateMeta(node.metadata, checkSubdomain), ...validateTaints(node.spec?.taints)];
}

export function validateNodeUpdate(next: Node, old: Node): FieldError[] {
  const [spec, before] = [next.spec ?? {}, old.spec ?? {}];
  const movesCidr = (before.podCIDRs ?? []).length > 0 && !sameValue(spec.podCIDRs, before.podCIDRs);
  const movesProvider = (before.providerID ?? '') !== '' && spec.providerID !== before.providerID;
  return [
    ...validateMetaUpdate(next.metadata),
    ...validateTaints(spec.taints),
    ...(movesCidr ? [forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid')] : []),
    ...(movesProvider ? [forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid')] : []),
  ];
}

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

function validateTaints(taints: readonly Taint[] | undefined): FieldError[] {
  const seen = new Set<string>();
  return eachItem(taints, 'spec.taints', (taint, at) => {
    const { key = '', value = '', effect } = taint;
    const identity = `${key}:${effect}`;
    const again = seen.has(identity);
    seen.add(identity);
    const problems = checkLabelValue(value);
    return [
      ...validateLabelName(key, child(at, 'key')),
      ...(problems.length === 0 ? [] : [invalid(child(at, 'value'), value, problems.join(';'))]),
      ...oneOf(effect, EFFECTS, child(at, 'effect')),
      ...(again ? [{ ...duplicate(at, taint), body: `${duplicate(at, taint).body}: taints must be unique by key and effect pair` }] : []),
    ];
  });
}

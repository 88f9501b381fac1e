// pure: what a Pod may say about where it runs: tolerations, affinity, spreading, gates.
import { checkLabel, checkLabelValue, checkQualifiedName, checkSubdomain } from '../dns-name.ts';
import { child, duplicate, forbidden, index, invalid, notSupported, required, type FieldError } from '../field-errors.ts';
import { eachItem, named, optionalOneOf, unique } from '../field-rules.ts';
import type { Affinity, NodeSelectorRequirement, NodeSelectorTerm, PodAffinity, PodAffinityTerm, PodSpec, Toleration, TopologySpreadConstraint } from '../generated/types.ts';
import { validateLabelSelector } from '../meta/validate-label-selector.ts';
import { validateLabelName, validateLabels } from '../meta/validate-meta.ts';

const TAINT_EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export function validateScheduling(spec: PodSpec, path: string): FieldError[] {
  const gates = spec.schedulingGates ?? [];
  const gatesPath = child(path, 'schedulingGates');
  return [
    ...validateLabels(spec.nodeSelector, child(path, 'nodeSelector')),
    ...validateAffinity(spec.affinity ?? {}, child(path, 'affinity')),
    ...eachItem(spec.readinessGates, child(path, 'readinessGates'), ({ conditionType = '' }, at) => named(conditionType, checkQualifiedName, child(at, 'conditionType'))),
    ...eachItem(gates, gatesPath, ({ name = '' }, at) => named(name, checkQualifiedName, at)),
    ...unique(gates.map(({ name }) => name), (row) => index(gatesPath, row)),
    ...validateSpreading(spec.topologySpreadConstraints ?? [], child(path, 'topologySpreadConstraints')),
    ...validateTolerations(spec.tolerations, child(path, 'tolerations')),
  ];
}

export function validateTolerations(tolerations: readonly Toleration[] | undefined, path: string): FieldError[] {
  return eachItem(tolerations, path, ({ key = '', operator = '', effect = '', tolerationSeconds, value = '' }, at) => {
    const field = child(at, 'operator');
    return [
      ...(key === '' ? [] : validateLabelName(key, child(at, 'key'))),
      ...(key === '' && operator !== 'Exists' ? [invalid(field, operator, 'operator must be Exists when `key` is empty, which means "match all values and all keys"')] : []),
      ...(tolerationSeconds !== undefined && effect !== 'NoExecute' ? [invalid(child(at, 'effect'), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set")] : []),
      ...validateOperator(operator, value, field),
      ...(effect === '' ? [] : optionalOneOf(effect, TAINT_EFFECTS, child(at, 'effect'))),
    ];
  });
}

function validateOperator(operator: string, value: string, field: string): FieldError[] {
  switch (operator) {
    case '':
    case 'Equal': {
      const problems = checkLabelValue(value);
      return problems.length === 0 ? [] : [invalid(field, value, problems.join(';'))];
    }
    case 'Exists':
      return value === '' ? [] : [invalid(field, value, "value must be empty when `operator` is 'Exists'")];
    default:
      return [notSupported(field, operator, ['Equal', 'Exists'])];
  }
}

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

function validateAffinity({ nodeAffinity, podAffinity, podAntiAffinity }: Affinity, path: string): FieldError[] {
  const nodePath = child(path, 'nodeAffinity');
  const terms = nodeAffinity?.[REQUIRED]?.nodeSelectorTerms;
  const termsPath = child(child(nodePath, REQUIRED), 'nodeSelectorTerms');
  return [
    ...(nodeAffinity?.[REQUIRED] !== undefined && (terms ?? []).length === 0 ? [required(termsPath, 'must have at least one node selector term')] : []),
    ...eachItem(terms, termsPath, (term, at) => validateNodeTerm(term, at, { judgeValues: true })),
    ...eachItem(nodeAffinity?.[PREFERRED], child(nodePath, PREFERRED), ({ weight, preference }, at) => [
      ...validateWeight(weight, child(at, 'weight')),
      ...validateNodeTerm(preference ?? {}, child(at, 'preference'), { judgeValues: false }),
    ]),
    ...validatePodAffinity(podAffinity ?? {}, child(path, 'podAffinity')),
    ...validatePodAffinity(podAntiAffinity ?? {}, child(path, 'podAntiAffinity')),
  ];
}

function validateWeight(weight: number | undefined, field: string): FieldError[] {
  return weight !== undefined && weight >= 1 && weight <= 100 ? [] : [invalid(field, weight ?? 0, 'must be in the range 1-100')];
}

function validateNodeTerm({ matchExpressions, matchFields }: NodeSelectorTerm, path: string, { judgeValues }: { readonly judgeValues: boolean }): FieldError[] {
  return [
    ...eachItem(matchExpressions, child(path, 'matchExpressions'), (one, at) => [
      ...validateNodeOperator(one, at),
      ...validateLabelName(one.key ?? '', child(at, 'key')),
      ...(judgeValues ? eachItem(one.values, child(at, 'values'), (value, field) => named(value, checkLabelValue, field)) : []),
    ]),
    ...eachItem(matchFields, child(path, 'matchFields'), validateFieldRequirement),
  ];
}

function validateNodeOperator({ operator, values = [] }: NodeSelectorRequirement, path: string): FieldError[] {
  const field = child(path, 'values');
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length === 0 ? [required(field, "must be specified when `operator` is 'In' or 'NotIn'")] : [];
    case 'Exists':
    case 'DoesNotExist':
      return values.length > 0 ? [forbidden(field, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")] : [];
    case 'Gt':
    case 'Lt':
      return values.length === 1 ? [] : [required(field, "must be specified single value when `operator` is 'Lt' or 'Gt'")];
    default:
      return [invalid(child(path, 'operator'), operator, 'not a valid selector operator')];
  }
}

/** The name of the node is the only field that can be asked for. */
function validateFieldRequirement({ key = '', operator, values = [] }: NodeSelectorRequirement, path: string): FieldError[] {
  const isListed = operator === 'In' || operator === 'NotIn';
  return [
    ...(isListed ? [] : [invalid(child(path, 'operator'), operator, 'not a valid selector operator')]),
    ...(isListed && values.length !== 1 ? [required(child(path, 'values'), "must be only one value when `operator` is 'In' or 'NotIn' for node field selector")] : []),
    ...(key === 'metadata.name' ? eachItem(values, child(path, 'values'), (value, field) => named(value, checkSubdomain, field)) : [invalid(child(path, 'key'), key, 'not a valid field selector key')]),
  ];
}

function validatePodAffinity(affinity: PodAffinity, path: string): FieldError[] {
  return [
    ...eachItem(affinity[REQUIRED], child(path, REQUIRED), validatePodTerm),
    ...eachItem(affinity[PREFERRED], child(path, PREFERRED), ({ weight, podAffinityTerm }, at) => [
      ...validateWeight(weight, child(at, 'weight')),
      ...validatePodTerm(podAffinityTerm ?? { topologyKey: '' }, child(at, 'podAffinityTerm')),
    ]),
  ];
}

function validatePodTerm({ labelSelector, namespaceSelector, namespaces = [], topologyKey = '' }: PodAffinityTerm, path: string): FieldError[] {
  const field = child(path, 'topologyKey');
  return [
    ...validateLabelSelector(labelSelector, child(path, 'labelSelector')),
    ...validateLabelSelector(namespaceSelector, child(path, 'namespaceSelector')),
    ...namespaces.flatMap((name) => named(name, checkLabel, child(path, 'namespace'))),
    ...(topologyKey === '' ? [required(field, 'can not be empty')] : []),
    ...validateLabelName(topologyKey, field),
  ];
}

function validateSpreading(constraints: readonly TopologySpreadConstraint[], path: string): FieldError[] {
  const kindOf = ({ topologyKey, whenUnsatisfiable }: TopologySpreadConstraint): string => `{${topologyKey}, ${whenUnsatisfiable}}`;
  return eachItem(constraints, path, (constraint, at, row) => {
    const { maxSkew = 0, topologyKey = '', whenUnsatisfiable = '', minDomains, nodeAffinityPolicy, nodeTaintsPolicy, labelSelector } = constraint;
    const repeated = constraints.slice(row + 1).some((other) => kindOf(other) === kindOf(constraint));
    return [
      ...(maxSkew > 0 ? [] : [invalid(child(at, 'maxSkew'), maxSkew, 'must be greater than zero')]),
      ...(topologyKey === '' ? [required(child(at, 'topologyKey'), 'can not be empty')] : []),
      ...optionalOneOf(whenUnsatisfiable, ['DoNotSchedule', 'ScheduleAnyway'], child(at, 'whenUnsatisfiable')),
      ...(repeated ? [duplicate(child(at, '{topologyKey, whenUnsatisfiable}'), kindOf(constraint))] : []),
      ...(minDomains !== undefined && minDomains <= 0 ? [invalid(child(at, 'minDomains'), minDomains, 'must be greater than zero')] : []),
      ...(minDomains !== undefined && whenUnsatisfiable !== 'DoNotSchedule'
        ? [invalid(child(at, 'minDomains'), minDomains, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`)]
        : []),
      ...optionalOneOf(nodeAffinityPolicy, ['Honor', 'Ignore'], child(at, 'nodeAffinityPolicy')),
      ...optionalOneOf(nodeTaintsPolicy, ['Honor', 'Ignore'], child(at, 'nodeTaintsPolicy')),
      ...validateLabelSelector(labelSelector, child(at, 'labelSelector')),
    ];
  });
}

// pure: what requests and limits of a container must be.
import { checkQualifiedName } from '../dns-name.ts';
import { child, forbidden, index, invalid, key, required, type FieldError } from '../field-errors.ts';
import { eachItem, named, oneOf, unique } from '../field-rules.ts';
import type { Container, ResourceRequirements } from '../generated/types.ts';
import { canonicalQuantity, compareQuantities, parseQuantity } from '../quantity.ts';

const STANDARD = new Set(['cpu', 'memory', 'ephemeral-storage']);
const UNIT = 1_000_000_000n;

export function validateResources({ limits = {}, requests = {} }: ResourceRequirements, path: string): FieldError[] {
  const [limitsPath, requestsPath] = [child(path, 'limits'), child(path, 'requests')];
  const hasHugePages = [...Object.keys(limits), ...Object.keys(requests)].some(isHugePages);
  const hasBasis = [limits, requests].some((list) => list['cpu'] !== undefined || list['memory'] !== undefined);
  return [
    ...Object.entries(limits).flatMap(([name, quantity]) => validateQuantity(name, quantity, key(limitsPath, name))),
    ...Object.entries(requests).flatMap(([name, quantity]) => [
      ...validateQuantity(name, quantity, key(requestsPath, name)),
      ...validateAgainstLimit(name, quantity, { limit: limits[name], requestsPath, limitsPath }),
    ]),
    ...(hasHugePages && !hasBasis ? [forbidden(path, 'HugePages require cpu or memory')] : []),
  ];
}

function validateQuantity(name: string, quantity: string, field: string): FieldError[] {
  const nano = parseQuantity(quantity) ?? 0n;
  const naming = named(name, checkQualifiedName, field);
  if (naming.length > 0) return naming;
  return [
    ...(!name.includes('/') && !STANDARD.has(name) && !isHugePages(name) ? [invalid(field, name, 'must be a standard resource for containers')] : []),
    ...(nano < 0n ? [invalid(field, canonicalQuantity(quantity), 'must be greater than or equal to 0')] : []),
    ...(isCounted(name) && nano % UNIT !== 0n ? [invalid(field, canonicalQuantity(quantity), 'must be an integer')] : []),
  ];
}

interface Against {
  readonly limit: string | undefined;
  readonly requestsPath: string;
  readonly limitsPath: string;
}

/** What cannot be shared out more than once (devices, huge pages) is requested exactly as it is limited. */
function validateAgainstLimit(name: string, request: string, { limit, requestsPath, limitsPath }: Against): FieldError[] {
  const isExact = isCounted(name) || isHugePages(name);
  if (limit === undefined) return isExact ? [required(limitsPath, 'Limit must be set for non overcommitable resources')] : [];
  const order = compareQuantities(request, limit);
  if (isExact && order !== 0) return [invalid(requestsPath, canonicalQuantity(request), `must be equal to ${name} limit of ${canonicalQuantity(limit)}`)];
  return order > 0 ? [invalid(requestsPath, canonicalQuantity(request), `must be less than or equal to ${name} limit of ${canonicalQuantity(limit)}`)] : [];
}

function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-');
}

/** Extended resources: whole devices. */
function isCounted(name: string): boolean {
  return name.includes('/') && !/(?:^|\.)kubernetes\.io\//.test(name);
}

export function validateResizePolicy(policies: Container['resizePolicy'], path: string, podRestartPolicy: string | undefined): FieldError[] {
  return [
    ...unique((policies ?? []).map(({ resourceName }) => resourceName), (row) => index(path, row)),
    ...eachItem(policies, path, ({ resourceName, restartPolicy }) => [
      ...oneOf(resourceName, ['cpu', 'memory'], path),
      ...oneOf(restartPolicy, ['NotRequired', 'RestartContainer'], path),
      ...(podRestartPolicy === 'Never' && restartPolicy !== 'NotRequired' ? [invalid(path, restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'")] : []),
    ]),
  ];
}

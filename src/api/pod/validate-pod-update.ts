// pure: what of a Pod may change after it was created, in its spec and in its status.
import { checkIpAddress, checkQualifiedName, checkSubdomain } from '../dns-name.ts';
import { sameValue } from '../equality.ts';
import { child, forbidden, immutable, invalid, required, type FieldError } from '../field-errors.ts';
import { eachItem, inRange, MAX_INT32, named, optionalName } from '../field-rules.ts';
import type { Container, ContainerStatus, Pod, PodSpec, Toleration } from '../generated/types.ts';
import { validateMetaUpdate } from '../meta/validate-meta.ts';
import { validateSpecOfPod } from './validate-pod.ts';

const MUTABLE_TEXT =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

export function validatePodUpdate(next: Pod, old: Pod): FieldError[] {
  const meta = validateMetaUpdate(next.metadata);
  const [spec, before] = [next.spec, old.spec];
  if (spec === undefined || before === undefined) return [...meta, required('spec')];
  // What was stored is good: only a change can be wrong.
  if (sameValue(spec, before)) return meta;
  const judged = [...meta, ...validateSpecOfPod(spec)];
  for (const list of ['containers', 'initContainers'] as const) {
    if ((spec[list] ?? []).length !== (before[list] ?? []).length) return [...judged, forbidden(`spec.${list}`, 'pod updates may not add or remove containers')];
  }
  const deadline = validateDeadline(spec.activeDeadlineSeconds, before.activeDeadlineSeconds);
  if (deadline.length > 0) return [...judged, ...deadline];
  return [
    ...judged,
    ...validateAddedTolerations(spec.tolerations ?? [], before.tolerations ?? []),
    ...validateGates(spec, before),
    ...(before.schedulingGates?.length ? validateGatedSelector(spec, before) : []),
    ...(sameValue(frozen(spec, before), before) ? [] : [forbidden('spec', MUTABLE_TEXT)]),
  ];
}

/** A deadline may be set or lowered. */
function validateDeadline(next: number | undefined, before: number | undefined): FieldError[] {
  const field = 'spec.activeDeadlineSeconds';
  if (next === undefined) return before === undefined ? [] : [invalid(field, null, 'must not update from a positive integer to nil value')];
  const range = inRange(next, [0, MAX_INT32], field);
  if (range.length > 0) return range;
  return before !== undefined && next > before ? [invalid(field, next, 'must be less than or equal to previous value')] : [];
}

function validateAddedTolerations(next: readonly Toleration[], before: readonly Toleration[]): FieldError[] {
  const isKept = (old: Toleration): boolean => next.some((one) => sameValue({ ...old, tolerationSeconds: one.tolerationSeconds }, one));
  return before.every(isKept) ? [] : [forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds')];
}

function validateGates({ schedulingGates = [] }: PodSpec, before: PodSpec): FieldError[] {
  const known = new Set((before.schedulingGates ?? []).map(({ name }) => name));
  return eachItem(schedulingGates, 'spec.schedulingGates', ({ name }, at) =>
    known.has(name) ? [] : [forbidden(child(at, 'name'), `only deletion is allowed, but found new scheduling gate '${name}'`)],
  );
}

/** While a Pod is gated its node selector may be narrowed. */
function validateGatedSelector(spec: PodSpec, before: PodSpec): FieldError[] {
  const changed = Object.entries(before.nodeSelector ?? {}).some(([name, value]) => spec.nodeSelector?.[name] !== value);
  return changed ? [invalid('spec.nodeSelector', spec.nodeSelector ?? {}, 'only additions are allowed (no mutations or deletions)')] : [];
}

/** The spec with everything that may change taken from the old one. */
function frozen(spec: PodSpec, before: PodSpec): PodSpec {
  const images = (containers: readonly Container[], old: readonly Container[] = []): Container[] => containers.map((container, at) => ({ ...container, image: old[at]?.image }));
  const healed = (before.terminationGracePeriodSeconds ?? 0) < 0 && spec.terminationGracePeriodSeconds === 1;
  const gated = (before.schedulingGates ?? []).length > 0;
  return {
    ...spec,
    containers: images(spec.containers, before.containers),
    ...(spec.initContainers === undefined ? {} : { initContainers: images(spec.initContainers, before.initContainers) }),
    activeDeadlineSeconds: before.activeDeadlineSeconds,
    schedulingGates: before.schedulingGates,
    tolerations: before.tolerations,
    ...(healed ? { terminationGracePeriodSeconds: before.terminationGracePeriodSeconds } : {}),
    ...(gated ? { nodeSelector: before.nodeSelector } : {}),
  };
}

const SYSTEM_CONDITIONS = new Set(['PodScheduled', 'Ready', 'Initialized']);

export function validatePodStatusUpdate(next: Pod, old: Pod): FieldError[] {
  const status = next.status ?? {};
  const { nominatedNodeName, podIPs, hostIPs } = status;
  return [
    ...validateMetaUpdate(next.metadata),
    ...eachItem(status.conditions, 'metadata.conditions', ({ type }, at) => (SYSTEM_CONDITIONS.has(type) ? [] : named(type, checkQualifiedName, child(at, 'Type')))),
    ...(nominatedNodeName === old.status?.nominatedNodeName ? [] : optionalName(nominatedNodeName, checkSubdomain, 'status.nominatedNodeName')),
    ...(status.qosClass === old.status?.qosClass ? [] : [immutable('status.qosClass', status.qosClass)]),
    ...validateTransitions(next, old),
    ...eachItem(podIPs, 'status.podIPs', ({ ip }, at) => named(ip ?? '', checkIpAddress, at)),
    ...eachItem(hostIPs, 'status.hostIPs', ({ ip }, at) => named(ip ?? '', checkIpAddress, at)),
    ...(hostIPs?.[0] !== undefined && hostIPs[0].ip !== status.hostIP ? [invalid('status.hostIPs[0].ip', hostIPs[0].ip, 'must be equal to `hostIP`')] : []),
  ];
}

/** An app container that has ended for good stays ended. Init containers may run again, in a new sandbox. */
function validateTransitions(next: Pod, { spec, status }: Pod): FieldError[] {
  const after = new Map((next.status?.containerStatuses ?? []).map((one): [string, ContainerStatus] => [one.name, one]));
  return eachItem(status?.containerStatuses, 'status.containerStatuses', ({ name, state }, at) => {
    const now = after.get(name);
    const ended = state?.terminated;
    if (ended === undefined || now === undefined || now.state?.terminated !== undefined) return [];
    const container = (spec?.containers ?? []).find((one) => one.name === name);
    const policy = container?.restartPolicy ?? spec?.restartPolicy;
    const mayRestart = policy === 'Always' || (policy === 'OnFailure' && ended.exitCode !== 0) || container?.restartPolicyRules !== undefined;
    return mayRestart ? [] : [forbidden(child(at, 'state'), 'may not be transitioned to non-terminated state')];
  });
}

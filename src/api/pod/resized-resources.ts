// pure: what a Pod asks for beside what it has been given: the two differ while a resize in place is under way, or waits.
import type { Container, ContainerStatus, Pod, PodSpec, ResourceRequirements } from '../generated/types.ts';
import { compareQuantities } from '../quantity.ts';
import { podResources, type ResourceTotals } from './pod-resources.ts';

export const RESIZE_PENDING = 'PodResizePending';
export const RESIZE_IN_PROGRESS = 'PodResizeInProgress';

const SIZES = ['cpu', 'memory'] as const;

/** Whether two containers may use, and are sure of, the same cpu and memory, however it is written. */
export function sameSize(a: ResourceRequirements = {}, b: ResourceRequirements = {}): boolean {
  return (['requests', 'limits'] as const).every((part) =>
    SIZES.every((name) => {
      const [left, right] = [a[part]?.[name], b[part]?.[name]];
      return left === right || (left !== undefined && right !== undefined && compareQuantities(left, right) === 0);
    }),
  );
}

/** The Pod with the sizes that its status tells of; containers without a status have what they ask for. */
export function withGivenSizes(pod: Pod, status: Pod['status'] = pod.status): Pod {
  const { spec } = pod;
  if (spec === undefined) return pod;
  const given = (containers: readonly Container[], statuses: readonly ContainerStatus[] = []): Container[] => containers.map((container) => withGivenSize(container, statuses.find(({ name }) => name === container.name)));
  const containers = given(spec.containers, status?.containerStatuses);
  const isSame = containers.every((container, at) => container === spec.containers[at]);
  const initContainers = spec.initContainers === undefined ? undefined : given(spec.initContainers, status?.initContainerStatuses);
  const isSameInit = initContainers?.every((container, at) => container === spec.initContainers?.[at]) ?? true;
  return isSame && isSameInit ? pod : { ...pod, spec: { ...spec, containers, ...(initContainers === undefined ? {} : { initContainers }) } };
}

function withGivenSize(container: Container, status: ContainerStatus | undefined): Container {
  if (status === undefined || (status.resources === undefined && status.allocatedResources === undefined && container.resources === undefined)) return container;
  const requests = withSizesOf(container.resources?.requests, status.allocatedResources);
  const limits = withSizesOf(container.resources?.limits, status.resources?.limits);
  const resources = { ...container.resources, ...(requests === undefined ? {} : { requests }), ...(limits === undefined ? {} : { limits }) };
  return sameSize(resources, container.resources) ? container : { ...container, resources };
}

function withSizesOf(own: Readonly<Record<string, string>> = {}, given: Readonly<Record<string, string>> = {}): Record<string, string> | undefined {
  const others = Object.entries(own).filter(([name]) => !SIZES.some((size) => size === name));
  const sizes = SIZES.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]] as const]));
  const all = Object.fromEntries([...others, ...sizes]);
  return Object.keys(all).length === 0 && Object.keys(own).length === 0 ? undefined : all;
}

/** Requests that a scheduler must count on: a Pod that grows takes its new size, one that shrinks still has its old one. */
export function claimedRequests({ spec, status }: Pod): ResourceTotals {
  if (spec === undefined) return {};
  const asked = podResources(spec, 'requests');
  // Before anything has been given, what is asked for is all there is.
  if ((status?.containerStatuses ?? []).every(({ allocatedResources }) => allocatedResources === undefined)) return asked;
  const given = podResources(withGivenSizes({ spec, status }).spec!, 'requests');
  const isInfeasible = status?.conditions?.some(({ type, reason }) => type === RESIZE_PENDING && reason === 'Infeasible') ?? false;
  if (isInfeasible) return given;
  const names = new Set([...Object.keys(asked), ...Object.keys(given)]);
  return Object.fromEntries([...names].map((name) => [name, Math.max(asked[name] ?? 0, given[name] ?? 0)]));
}

/** What the Pod holds of its node: a resize that waits counts for nothing yet. */
export function heldRequests(pod: Pod): ResourceTotals {
  const isPending = pod.status?.conditions?.some(({ type }) => type === RESIZE_PENDING) ?? false;
  const spec: PodSpec | undefined = (isPending ? withGivenSizes(pod) : pod).spec;
  return spec === undefined ? {} : podResources(spec, 'requests');
}

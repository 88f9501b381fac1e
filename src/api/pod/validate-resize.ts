// pure: a write to pods/NAME/resize: what containers ask for of cpu and memory may change, within the Pod's class.
import { sameValue } from '../equality.ts';
import { child, forbidden, index, invalid, type FieldError } from '../field-errors.ts';
import type { Container, Pod, PodSpec, ResourceRequirements } from '../generated/types.ts';
import { validateMetaUpdate } from '../meta/validate-meta.ts';
import { qosClassOf } from './qos.ts';
import { validateSpecOfPod } from './validate-pod.ts';

const MIRROR = 'kubernetes.io/config.mirror';
const LISTS = ['initContainers', 'containers'] as const;
const RESIZABLE = new Set(['cpu', 'memory']);

/** The old Pod with the new one's resources. Containers that were renamed or moved are left in place: validation names them. */
export function resizedPod(next: Pod, old: Pod): Pod {
  const merged = LISTS.map((list) => [list, mergedContainers(next.spec?.[list], old.spec?.[list])] as const).filter(([, containers]) => containers !== undefined);
  return { ...old, metadata: next.metadata, spec: { ...old.spec!, ...Object.fromEntries(merged) } };
}

function mergedContainers(next: readonly Container[] | undefined, old: readonly Container[] | undefined): readonly Container[] | undefined {
  if (next === undefined || old === undefined || next.length !== old.length || next.some(({ name }, at) => name !== old[at]?.name)) return next;
  return old.map((container, at) => {
    const { resources: _resources, resizePolicy: _policy, ...rest } = container;
    const { resources, resizePolicy } = next[at]!;
    return { ...rest, ...(resources === undefined ? {} : { resources }), ...(resizePolicy === undefined ? {} : { resizePolicy }) };
  });
}

export function validateResize(next: Pod, old: Pod): FieldError[] {
  const [spec, before] = [next.spec, old.spec];
  if (old.metadata?.annotations?.[MIRROR] !== undefined) return [forbidden('', 'static pods cannot be resized')];
  if (spec === undefined || before === undefined) return validateMetaUpdate(next.metadata);
  const qosClass = old.status?.qosClass ?? qosClassOf(before);
  const judged = [
    ...validateMetaUpdate(next.metadata),
    ...validateSpecOfPod(spec),
    ...(qosClassOf(spec) === qosClass ? [] : [invalid('spec', qosClass, 'Pod QOS Class may not change as a result of resizing')]),
  ];
  const moved = LISTS.flatMap((list) => movedContainers(spec[list] ?? [], before[list] ?? [], `spec.${list}`));
  if (moved.length > 0) return [...judged, ...moved];
  return [...judged, ...LISTS.flatMap((list) => removedResources(spec[list] ?? [], before[list] ?? [], `spec.${list}`)), ...otherChanges(spec, before)];
}

function movedContainers(next: readonly Container[], old: readonly Container[], path: string): FieldError[] {
  if (next.length !== old.length) return [forbidden(path, 'containers may not be added or removed on resize')];
  return next.flatMap(({ name }, at) => (name === old[at]?.name ? [] : [forbidden(child(index(path, at), 'name'), 'containers may not be renamed or reordered on resize')]));
}

function removedResources(next: readonly Container[], old: readonly Container[], path: string): FieldError[] {
  return old.flatMap(({ resources }, at) =>
    (['requests', 'limits'] as const).flatMap((part) => {
      const isRemoved = Object.keys(resources?.[part] ?? {}).some((name) => next[at]?.resources?.[part]?.[name] === undefined);
      return isRemoved ? [forbidden(child(child(index(path, at), 'resources'), part), `resource ${part} cannot be removed`)] : [];
    }),
  );
}

/** Init containers that run to their end are over too soon for a new size. */
function otherChanges(spec: PodSpec, before: PodSpec): FieldError[] {
  const fixed = (spec.initContainers ?? []).flatMap((container, at) => {
    const isSidecar = container.restartPolicy === 'Always';
    const isSame = sameValue(container.resources ?? {}, before.initContainers?.[at]?.resources ?? {});
    return isSidecar || isSame ? [] : [forbidden(`spec.initContainers[${at}].resources`, 'resources for non-sidecar init containers are immutable')];
  });
  if (fixed.length > 0 || sameValue(withoutSizes(spec), withoutSizes(before))) return fixed;
  return [forbidden('spec', 'only cpu and memory resources are mutable')];
}

function withoutSizes(spec: PodSpec): PodSpec {
  const stripped = LISTS.map((list) => [list, spec[list]?.map((container) => ({ ...container, resources: otherResources(container.resources) }))] as const);
  return { ...spec, ...Object.fromEntries(stripped) };
}

function otherResources(resources: ResourceRequirements = {}): object {
  const others = (list: Readonly<Record<string, string>> = {}): object => Object.fromEntries(Object.entries(list).filter(([name]) => !RESIZABLE.has(name)));
  return { ...resources, requests: others(resources.requests), limits: others(resources.limits) };
}

// pure: how endpoints are laid out in slices so that as few slices as possible change: readers are told of whole slices.
//
// Endpoints stay where they are; new ones fill slices that change anyway, then the fullest that has room for all that are
// left, and only then a new slice is made. A slice is never filled up for its own sake.
import { sameValue } from '../../api/equality.ts';
import type { Endpoint, EndpointSlice, EndpointSlicePort } from '../../api/generated/types.ts';
import type { SliceAction, SliceContents, SliceTemplate } from './slice-action.ts';

export interface SliceWish {
  readonly template: SliceTemplate;
  /** No two with the same ports. */
  readonly contents: readonly SliceContents[];
  readonly existing: readonly EndpointSlice[];
  /** An owner with nothing to tell still has a slice. */
  readonly placeholder: boolean;
  readonly maxEndpoints: number;
}

interface Changes {
  readonly create: EndpointSlice[];
  readonly update: EndpointSlice[];
  readonly remove: EndpointSlice[];
}

export function planSlices(wish: SliceWish): readonly SliceAction[] {
  const { contents, existing, template } = wish;
  const own = existing.filter((slice) => isOwn(slice, template));
  const changes: Changes = { create: [], update: [], remove: existing.filter((slice) => !own.includes(slice)) };
  const byPorts = Map.groupBy(own, ({ ports }) => portsKey(ports));
  for (const { ports, endpoints } of contents) {
    const key = portsKey(ports);
    fill(byPorts.get(key) ?? [], { wish, ports, endpoints, changes });
    byPorts.delete(key);
  }
  changes.remove.push(...[...byPorts.values()].flat());
  if (wish.placeholder && changes.remove.length === existing.length && changes.create.length === 0) keepPlaceholder(wish, changes);
  return actionsOf(reused(changes, template));
}

/** The same for the same ports, whatever their order. */
export function portsKey(ports: readonly EndpointSlicePort[] | undefined): string {
  const texts = (ports ?? []).map(({ name = '', port, protocol = 'TCP', appProtocol = '' }) => JSON.stringify([name, port ?? null, protocol, appProtocol]));
  return texts.sort().join();
}

/** The address type of a slice is for good, and the slice of an owner of the same name before is not ours. */
function isOwn({ addressType, metadata }: EndpointSlice, template: SliceTemplate): boolean {
  const [owner] = template.metadata.ownerReferences;
  return addressType === template.addressType && (metadata?.ownerReferences ?? []).some(({ uid, controller }) => controller === true && uid === owner?.uid);
}

interface Filling {
  readonly wish: SliceWish;
  readonly ports: EndpointSlicePort[];
  readonly endpoints: readonly Endpoint[];
  readonly changes: Changes;
}

function fill(slices: readonly EndpointSlice[], { wish, ports, endpoints, changes }: Filling): void {
  const { template, maxEndpoints } = wish;
  const left = new Map(endpoints.map((endpoint) => [identity(endpoint), endpoint]));
  const changed: EndpointSlice[] = [];
  const unchanged: EndpointSlice[] = [];
  for (const slice of slices) {
    const kept = keep(slice.endpoints ?? [], left);
    if (kept.length === 0) changes.remove.push(slice);
    else if (sameValue(kept, slice.endpoints) && isLabelled(slice, template)) unchanged.push(slice);
    else changed.push({ ...slice, endpoints: kept });
  }
  const missing = [...left.values()];
  for (const slice of changed) changes.update.push(renewed({ ...slice, endpoints: [...slice.endpoints!, ...missing.splice(0, maxEndpoints - slice.endpoints!.length)] }, template));
  const fitting = missing.length === 0 ? undefined : fullestWithRoom(unchanged, missing.length % maxEndpoints, maxEndpoints);
  if (fitting !== undefined) changes.update.push(renewed({ ...fitting, endpoints: [...fitting.endpoints!, ...missing.splice(0, missing.length % maxEndpoints)] }, template));
  while (missing.length > 0) changes.create.push(newSlice(template, ports, missing.splice(0, maxEndpoints)));
}

/** Those that are still wanted, as they are to be now; they are taken out of `left`. */
function keep(endpoints: readonly Endpoint[], left: Map<string, Endpoint>): Endpoint[] {
  return endpoints.flatMap((endpoint) => {
    const key = identity(endpoint);
    const wanted = left.get(key);
    left.delete(key);
    return wanted ?? [];
  });
}

function identity({ addresses, targetRef, hostname = '' }: Endpoint): string {
  return JSON.stringify([addresses, targetRef?.namespace, targetRef?.name, hostname]);
}

/** One slice that takes all `count`; with none left over, whole new slices are due. */
function fullestWithRoom(slices: readonly EndpointSlice[], count: number, max: number): EndpointSlice | undefined {
  if (count === 0) return undefined;
  const fitting = slices.filter(({ endpoints }) => endpoints!.length + count <= max);
  return fitting.sort((a, b) => b.endpoints!.length - a.endpoints!.length)[0];
}

function isLabelled({ metadata }: EndpointSlice, { metadata: { labels, annotations }, ownsAnnotations }: SliceTemplate): boolean {
  return sameValue(metadata?.labels, labels) && (ownsAnnotations !== true || sameValue(metadata?.annotations ?? {}, annotations));
}

function renewed(slice: EndpointSlice, { metadata: { labels, annotations }, ownsAnnotations }: SliceTemplate): EndpointSlice {
  return { ...slice, metadata: { ...slice.metadata, labels, annotations: ownsAnnotations === true ? annotations : { ...slice.metadata?.annotations, ...annotations } } };
}

function newSlice({ addressType, metadata }: SliceTemplate, ports: EndpointSlicePort[], endpoints: Endpoint[]): EndpointSlice {
  return { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata, addressType, ports, endpoints };
}

function keepPlaceholder({ template }: SliceWish, changes: Changes): void {
  const [first] = changes.remove;
  const isPlaceholder = first !== undefined && isOwn(first, template) && (first.endpoints ?? []).length === 0 && (first.ports ?? []).length === 0;
  if (!isPlaceholder) {
    changes.create.push(newSlice(template, [], []));
    return;
  }
  changes.remove.shift();
  if (!isLabelled(first, template)) changes.update.push(renewed(first, template));
}

/** A slice that is to go becomes one that is to come: one change instead of two. */
function reused({ create, update, remove }: Changes, template: SliceTemplate): Changes {
  const usable = remove.filter((slice) => isOwn(slice, template)).slice(0, create.length);
  const rewritten = usable.map((slice, at) => renewed({ ...slice, ports: create[at]!.ports, endpoints: create[at]!.endpoints }, template));
  return { create: create.slice(usable.length), update: [...update, ...rewritten], remove: remove.filter((slice) => !usable.includes(slice)) };
}

/** New before old: whoever reads in between sees an endpoint twice rather than not at all. */
function actionsOf({ create, update, remove }: Changes): SliceAction[] {
  return [
    ...create.map((slice) => ({ type: 'create-slice' as const, slice })),
    ...update.map((slice) => ({ type: 'update-slice' as const, slice })),
    ...remove.map((slice) => ({ type: 'delete-slice' as const, slice })),
  ];
}

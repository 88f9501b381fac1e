// Follows what the zone is made of and hands on the changes, all those of one turn together.
import type { EndpointSlice, Namespace, Service } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import { keyOf } from '../../api/object.ts';
import type { Clock, Timer } from '../../base/clock.ts';
import type { Informer } from '../../client/informer-contract.ts';
import { namespaceChange, serviceChange, sliceChange, type ZoneChange } from './zone-facts.ts';

export interface ZoneSources {
  readonly namespaces: Informer<Namespace>;
  readonly services: Informer<Service>;
  readonly slices: Informer<EndpointSlice>;
}

type ToChange<T> = (key: string, object: T | undefined) => ZoneChange;

/** The zone as it is now. */
export function wholeZone({ namespaces, services, slices }: ZoneSources): readonly ZoneChange[] {
  const of = <T extends KubeObject>(informer: Informer<T>, toChange: ToChange<T>): ZoneChange[] => informer.list().map((object) => toChange(keyOf(object), object));
  return [...of(namespaces, namespaceChange), ...of(services, serviceChange), ...of(slices, sliceChange)];
}

/** Returns how to stop. */
export function followZone({ namespaces, services, slices }: ZoneSources, { clock, tell }: { readonly clock: Clock; readonly tell: (changes: readonly ZoneChange[]) => void }): () => void {
  let waiting: ZoneChange[] = [];
  let turn: Timer | undefined;
  const flush = (): void => {
    turn = undefined;
    tell(waiting);
    waiting = [];
  };
  const follow = <T extends KubeObject>(informer: Informer<T>, toChange: ToChange<T>): (() => void) =>
    informer.onChange(({ key, after }) => {
      waiting.push(toChange(key, after));
      turn ??= clock.setTimer(0, flush);
    });
  const stops = [follow(namespaces, namespaceChange), follow(services, serviceChange), follow(slices, sliceChange)];
  return () => {
    turn?.cancel();
    for (const stop of stops) stop();
  };
}

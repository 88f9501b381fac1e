// pure: objects that one group shows of another group's store.
import { EVENTS_V1, type Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { eventConversion } from './event.ts';

export interface Conversion {
  fromStored(object: KubeObject): KubeObject;
  toStored(object: KubeObject): KubeObject;
}

const UNCHANGED: Conversion = { fromStored: (object) => object, toStored: (object) => object };

export function conversionOf(resource: Resource): Conversion {
  return resource === (EVENTS_V1 as Resource) ? eventConversion : UNCHANGED;
}

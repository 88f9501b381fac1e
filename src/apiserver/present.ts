// Objects and lists in the form that the caller asked for.
import { apiVersionOf } from '../api/kinds.ts';
import type { KubeObject } from '../api/object.ts';
import { badRequestError } from '../api/status-error.ts';
import type { ApiResponse } from '../api/wire.ts';
import type { Call } from './call.ts';
import { negotiate, type Format } from './negotiate.ts';
import { replyValue } from './reply.ts';
import { toTable } from './tables/table.ts';

export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

export function formatOf(call: Call): Format {
  return negotiate(call.request.headers['accept']);
}

export function presentObject(call: Call, object: KubeObject, { status = 200 }: { readonly status?: number } = {}): ApiResponse {
  const format = formatOf(call);
  if (format.type === 'object') return replyValue(object, status);
  if (format.type === 'metadata') return replyValue(metadataOnly(object), status);
  return replyValue(tableOf(call, [object], { resourceVersion: object.metadata?.resourceVersion ?? '' }), status);
}

export function presentList(call: Call, objects: readonly KubeObject[], metadata: ListMeta): ApiResponse {
  const format = formatOf(call);
  switch (format.type) {
    case 'table':
      return replyValue(tableOf(call, objects, metadata));
    case 'metadata':
      return replyValue({
        kind: 'PartialObjectMetadataList',
        apiVersion: 'meta.k8s.io/v1',
        metadata,
        items: objects.map(metadataOnly),
      });
    case 'object':
      return replyValue({
        kind: `${call.resource.kind}List`,
        apiVersion: apiVersionOf(call.resource),
        metadata,
        items: objects.map(({ apiVersion: _apiVersion, kind: _kind, ...item }) => item),
      });
  }
}

export function tableOf(call: Call, objects: readonly KubeObject[], metadata: ListMeta): object {
  return toTable(call.resource, objects, { now: call.server.clock.now(), includeObject: includeObject(call), metadata });
}

export function metadataOnly(object: KubeObject): KubeObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}

function includeObject(call: Call): 'None' | 'Metadata' | 'Object' {
  const asked = call.request.query.get('includeObject') ?? 'Metadata';
  if (asked === '' || asked === 'Metadata') return 'Metadata';
  if (asked === 'None' || asked === 'Object') return asked;
  throw badRequestError(`unrecognized includeObject value: ${JSON.stringify(asked)}`);
}

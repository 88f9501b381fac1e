// pure: which form of a reply the Accept header asks for: objects, Tables, or metadata alone.
import { notAcceptableError } from '../api/status-error.ts';

export type Format =
  | { readonly type: 'object' }
  | { readonly type: 'table'; readonly version: 'v1' | 'v1beta1' }
  | { readonly type: 'metadata' };

const OBJECT: Format = { type: 'object' };
const ACCEPTABLE = ['application/json', 'application/json;as=Table;g=meta.k8s.io;v=v1'];

/** The first clause that can be served; clauses of unknown types, groups and versions are passed over. */
export function negotiate(accept: string | undefined): Format {
  if (accept === undefined || accept.trim() === '') return OBJECT;
  for (const clause of accept.split(',')) {
    const format = formatOf(clause);
    if (format !== undefined) return format;
  }
  throw notAcceptableError(ACCEPTABLE);
}

function formatOf(clause: string): Format | undefined {
  const [type = '', ...rest] = clause.split(';').map((part) => part.trim());
  if (!['application/json', '*/*', 'application/*'].includes(type)) return undefined;
  const parameters = new Map(rest.map((part) => part.split('=', 2) as [string, string]));
  const as = parameters.get('as');
  if (as === undefined) return OBJECT;
  const version = parameters.get('v');
  if (parameters.get('g') !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) return undefined;
  if (as === 'Table') return { type: 'table', version };
  if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return { type: 'metadata' };
  return undefined;
}

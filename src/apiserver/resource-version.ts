// pure: what resourceVersion and resourceVersionMatch ask of a list or a watch.
import { badRequestError } from '../api/status-error.ts';

/** The number in ?resourceVersion=; undefined when absent or empty. */
export function askedRevision(query: URLSearchParams): number | undefined {
  const text = query.get('resourceVersion') ?? '';
  if (text === '') return undefined;
  if (!/^\d+$/.test(text)) {
    throw badRequestError(`resourceVersion: Invalid value: ${JSON.stringify(text)}: must be a decimal number`);
  }
  return Number(text);
}

/** The revision that a list must be read at; undefined means the newest. */
export function listRevision(query: URLSearchParams): number | undefined {
  const asked = askedRevision(query);
  const match = query.get('resourceVersionMatch') ?? '';
  if (match !== '' && match !== 'Exact' && match !== 'NotOlderThan') {
    throw badRequestError(`resourceVersionMatch: Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan"`);
  }
  if (match !== '' && asked === undefined) {
    throw badRequestError('resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided');
  }
  if (match === 'Exact') {
    if (asked === 0) throw badRequestError('resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
    return asked;
  }
  // The newest state is never older than what was asked for.
  return undefined;
}

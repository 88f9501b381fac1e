// Query parameters that all writes share.
import { badRequestError } from '../api/status-error.ts';
import type { Call } from './call.ts';

/** True for ?dryRun=All: everything happens but the write. */
export function isDryRun(call: Call, fromBody: readonly string[] = []): boolean {
  const asked = [...call.request.query.getAll('dryRun'), ...fromBody];
  const unknown = asked.find((value) => value !== 'All' && value !== '');
  if (unknown !== undefined) {
    throw badRequestError(`invalid dryRun: Unsupported value: ${JSON.stringify(unknown)}: supported values: "All"`);
  }
  return asked.includes('All');
}

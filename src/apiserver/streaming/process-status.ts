// pure: how a process ended, as the Status that callers read their exit code from.
import type { Status } from '../../api/generated/types.ts';
import type { ProcessEnd } from '../../api/pod/pod-streams.ts';
import { internalError } from '../../api/status-error.ts';

export function processStatus(end: ProcessEnd): Status {
  if (end.type === 'failed') return internalError(`error executing command in container: ${end.message}`).status;
  if (end.exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: command terminated with exit code ${end.exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(end.exitCode) }] },
  };
}

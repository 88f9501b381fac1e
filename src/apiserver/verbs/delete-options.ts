// DeleteOptions from the body and from query parameters, and the propagation that they choose.
import { decodeBody } from '../../api/schema/decode.ts';
import type { DeleteOptions } from '../../api/generated/types.ts';
import type { Resource } from '../../api/kinds.ts';
import { badRequestError, StatusError } from '../../api/status-error.ts';
import type { Call } from '../call.ts';
import { readBody } from '../request-body.ts';

export type PropagationPolicy = 'Background' | 'Foreground' | 'Orphan';

export function readDeleteOptions(call: Call): DeleteOptions {
  const { query } = call.request;
  const body = readBody(call.request);
  const given = (body === undefined ? {} : decodeBody('V1DeleteOptions', body.value)) as DeleteOptions;
  const grace = query.get('gracePeriodSeconds');
  const policy = query.get('propagationPolicy');
  const orphan = query.get('orphanDependents');
  const options: DeleteOptions = {
    ...given,
    ...(grace === null ? {} : { gracePeriodSeconds: seconds(grace) }),
    ...(policy === null ? {} : { propagationPolicy: policy }),
    ...(orphan === null ? {} : { orphanDependents: orphan === 'true' }),
  };
  validate(options);
  return options;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value)) throw badRequestError(`gracePeriodSeconds must be a whole number of seconds, got ${JSON.stringify(text)}`);
  return value;
}

function validate(options: DeleteOptions): void {
  const { propagationPolicy, orphanDependents, gracePeriodSeconds } = options;
  const problem =
    propagationPolicy !== undefined && orphanDependents !== undefined
      ? 'propagationPolicy: Invalid value: orphanDependents and deletionPropagation cannot be both set'
      : propagationPolicy !== undefined && !['Background', 'Foreground', 'Orphan'].includes(propagationPolicy)
        ? `propagationPolicy: Unsupported value: ${JSON.stringify(propagationPolicy)}: supported values: "Foreground", "Background", "Orphan"`
        : gracePeriodSeconds !== undefined && gracePeriodSeconds < 0
          ? `gracePeriodSeconds: Invalid value: ${gracePeriodSeconds}: must be greater than or equal to 0`
          : undefined;
  if (problem === undefined) return;
  throw new StatusError({ code: 422, reason: 'Invalid', message: `DeleteOptions.meta.k8s.io "" is invalid: ${problem}` });
}

/** What happens to dependents, and whether the caller chose it. */
export function propagationOf(resource: Resource, options: DeleteOptions): { readonly policy: PropagationPolicy; readonly chosen: boolean } {
  if (options.propagationPolicy !== undefined) return { policy: options.propagationPolicy as PropagationPolicy, chosen: true };
  if (options.orphanDependents !== undefined) return { policy: options.orphanDependents ? 'Orphan' : 'Background', chosen: true };
  return { policy: resource.defaultPropagation, chosen: false };
}

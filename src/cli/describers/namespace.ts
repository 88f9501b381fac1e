// pure: minik describe namespace.
import type { Namespace } from '../../api/generated/types.ts';
import { metaLines, renderParts, timeText } from './describe-text.ts';
import type { Describe } from './describer.ts';

export const describeNamespace: Describe<Namespace> = ({ metadata, status }) => {
  const conditions = (status?.conditions ?? []).map(
    ({ type, status: state, lastTransitionTime, reason, message }) => `  ${type} \t${state} \t${timeText(lastTransitionTime)} \t${reason ?? ''} \t${message ?? ''}`,
  );
  const table = conditions.length === 0 ? [] : ['Conditions:', '  Type\tStatus\tLastTransitionTime\tReason\tMessage', '  ----\t------\t------------------\t------\t-------', ...conditions];
  return renderParts([...metaLines(metadata, { namespaced: false }), `Status:\t${status?.phase ?? ''}`, ...table]);
};

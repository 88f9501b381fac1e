// pure: minik describe priorityclass.
import type { PriorityClass } from '../../api/generated/types.ts';
import { labelsText } from '../../api/labels-text.ts';
import { renderParts } from './describe-text.ts';
import type { Describe } from './describer.ts';
import { eventParts } from './event-lines.ts';

export const describePriorityClass: Describe<PriorityClass> = ({ metadata, value = 0, globalDefault = false, preemptionPolicy = '', description = '' }, { events, now }) => {
  const { inline, block } = eventParts(events, now);
  return renderParts(
    [
      `Name:\t${metadata?.name ?? ''}`,
      `Value:\t${value}`,
      `GlobalDefault:\t${globalDefault}`,
      `PreemptionPolicy:\t${preemptionPolicy}`,
      `Description:\t${description}`,
      `Annotations:\t${labelsText(metadata?.annotations)}`,
      ...inline,
    ],
    block,
  );
};

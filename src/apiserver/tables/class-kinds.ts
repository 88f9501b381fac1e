// pure: the columns of PriorityClasses, RuntimeClasses, Leases and PodTemplates.
import type { Lease, PodTemplate, PriorityClass, RuntimeClass } from '../../api/generated/types.ts';
import { labelsText } from '../../api/labels-text.ts';
import { ageColumn, count, nameColumn, text, type KindTable } from './columns.ts';

export const priorityClassTable: KindTable<PriorityClass> = {
  columns: [
    nameColumn,
    count('Value', ({ value = 0 }) => value, 'value represents the integer value of this priority class.'),
    text('Global-Default', ({ globalDefault = false }) => String(globalDefault), 'globalDefault specifies whether this PriorityClass should be considered as the default priority.'),
    ageColumn,
    text('PreemptionPolicy', ({ preemptionPolicy = '' }) => preemptionPolicy, 'preemptionPolicy is the Policy for preempting pods with lower priority.'),
  ],
};

export const runtimeClassTable: KindTable<RuntimeClass> = {
  columns: [nameColumn, text('Handler', ({ handler }) => handler, 'handler specifies the underlying runtime and configuration that the CRI implementation will use.'), ageColumn],
};

export const leaseTable: KindTable<Lease> = {
  columns: [nameColumn, text('Holder', ({ spec }) => spec?.holderIdentity ?? '', 'holderIdentity contains the identity of the holder of a current lease.'), ageColumn],
};

export const podTemplateTable: KindTable<PodTemplate> = {
  columns: [
    nameColumn,
    text('Containers', ({ template }) => (template?.spec?.containers ?? []).map(({ name }) => name).join(','), 'Names of each container in the template.'),
    text('Images', ({ template }) => (template?.spec?.containers ?? []).map(({ image = '' }) => image).join(','), 'Images referenced by each container in the template.'),
    text('Pod Labels', ({ template }) => labelsText(template?.metadata?.labels), 'The labels for the pod template.'),
  ],
};

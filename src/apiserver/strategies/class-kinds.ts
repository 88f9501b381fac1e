// PriorityClasses, RuntimeClasses, Leases and PodTemplates.
import type { Lease, PodTemplate, PriorityClass, RuntimeClass } from '../../api/generated/types.ts';
import { validateLease, validateLeaseUpdate } from '../../api/lease/validate-lease.ts';
import { checkSubdomain } from '../../api/dns-name.ts';
import { defaultTemplateObject, validateTemplateObject, validateTemplateObjectUpdate } from '../../api/podtemplate/validate-pod-template.ts';
import { SYSTEM_CLASSES } from '../../api/priority/system-classes.ts';
import { defaultPriorityClass, validatePriorityClass, validatePriorityClassUpdate } from '../../api/priority/validate-priority-class.ts';
import { unsupportedPodFields } from '../../api/pod/unsupported-fields.ts';
import { validateRuntimeClass, validateRuntimeClassUpdate } from '../../api/runtimeclass/validate-runtime-class.ts';
import { plainStrategy } from './plain.ts';

export const priorityClassStrategy = plainStrategy<PriorityClass>(checkSubdomain, {
  applyDefaults: defaultPriorityClass,
  validate: validatePriorityClass,
  validateUpdate: validatePriorityClassUpdate,
  forbidsDeletion: ({ metadata }) => (SYSTEM_CLASSES.some((one) => one.metadata?.name === metadata?.name) ? 'this is a system priority class and cannot be deleted' : undefined),
});

export const runtimeClassStrategy = plainStrategy<RuntimeClass>(checkSubdomain, { validate: validateRuntimeClass, validateUpdate: validateRuntimeClassUpdate });

export const leaseStrategy = plainStrategy<Lease>(checkSubdomain, { validate: validateLease, validateUpdate: validateLeaseUpdate });

export const podTemplateStrategy = plainStrategy<PodTemplate>(checkSubdomain, {
  applyDefaults: defaultTemplateObject,
  validate: validateTemplateObject,
  validateUpdate: validateTemplateObjectUpdate,
  warningsOnCreate: ({ template }) => (template?.spec === undefined ? [] : unsupportedPodFields(template.spec, 'template.spec')),
});

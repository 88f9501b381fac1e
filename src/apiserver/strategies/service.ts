// Services.
import { check1035Label } from '../../api/dns-name.ts';
import type { Service } from '../../api/generated/types.ts';
import { carryOver } from '../../api/service/carry-over.ts';
import { defaultService } from '../../api/service/defaults.ts';
import { specOf } from '../../api/service/service-facts.ts';
import { serviceWarnings } from '../../api/service/service-warnings.ts';
import { validateService, validateServiceStatusUpdate, validateServiceUpdate } from '../../api/service/validate-service.ts';
import { plainStrategy, statusHalves, withStatus } from './plain.ts';

export const serviceStrategy = plainStrategy<Service>(check1035Label, {
  ...statusHalves<Service>(),
  applyDefaults: defaultService,
  prepareForCreate: (service) => withStatus(withClusterIps(service), { loadBalancer: {} }),
  prepareForUpdate: carryOver,
  validate: validateService,
  validateUpdate: validateServiceUpdate,
  validateStatusUpdate: validateServiceStatusUpdate,
  warningsOnCreate: serviceWarnings,
  warningsOnUpdate: (next, old) => {
    const before = new Set(serviceWarnings(old));
    return serviceWarnings(next).filter((text) => !before.has(text));
  },
  selectableFields: ({ spec }) => ({ 'spec.clusterIP': spec?.clusterIP ?? '', 'spec.type': spec?.type ?? '' }),
});

/** Clients that know only clusterIP set only that. */
function withClusterIps(service: Service): Service {
  const spec = specOf(service);
  if ((spec.clusterIP ?? '') === '' || (spec.clusterIPs ?? []).length > 0) return service;
  return { ...service, spec: { ...spec, clusterIPs: [spec.clusterIP!] } };
}

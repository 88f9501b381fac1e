// Pods.
import type { Pod } from '../../api/generated/types.ts';
import { admitPodSpec, defaultPod } from '../../api/pod/defaults.ts';
import { qosClassOf } from '../../api/pod/qos.ts';
import { unsupportedPodFields } from '../../api/pod/unsupported-fields.ts';
import { validatePod, validatePodStatusUpdate, validatePodUpdate } from '../../api/pod/validate-pod.ts';
import { statusHalves, withStatus } from './plain.ts';
import type { Strategy } from './strategy.ts';

const halves = statusHalves<Pod>();

export const podStrategy: Strategy<Pod> = {
  applyDefaults: defaultPod,

  prepareForCreate(pod) {
    if (pod.spec === undefined) return withStatus(pod, undefined);
    const spec = admitPodSpec(pod.spec);
    return withStatus({ ...pod, spec }, { phase: 'Pending', qosClass: qosClassOf(spec) });
  },

  prepareForUpdate: halves.prepareForUpdate,

  // The class is decided once, when the Pod is created.
  prepareForStatusUpdate(next, old) {
    const prepared = halves.prepareForStatusUpdate(next, old);
    return withStatus(prepared, { ...prepared.status, qosClass: old.status?.qosClass });
  },

  validate: validatePod,
  validateUpdate: validatePodUpdate,
  validateStatusUpdate: validatePodStatusUpdate,
  warningsOnCreate: (pod) => (pod.spec === undefined ? [] : unsupportedPodFields(pod.spec, 'spec')),

  selectableFields: ({ spec, status }) => ({
    'spec.nodeName': spec?.nodeName ?? '',
    'spec.restartPolicy': spec?.restartPolicy ?? '',
    'spec.schedulerName': spec?.schedulerName ?? '',
    'spec.serviceAccountName': spec?.serviceAccountName ?? '',
    'spec.hostNetwork': String(spec?.hostNetwork ?? false),
    'status.phase': status?.phase ?? '',
    'status.podIP': status?.podIP ?? '',
    'status.nominatedNodeName': status?.nominatedNodeName ?? '',
  }),

  /** Nobody runs what is not scheduled or has ended: there is nothing to wait for. */
  gracePeriodSeconds({ spec, status }, asked) {
    const over = status?.phase === 'Succeeded' || status?.phase === 'Failed';
    if ((spec?.nodeName ?? '') === '' || over) return 0;
    return asked ?? Math.max(spec?.terminationGracePeriodSeconds ?? 30, 0);
  },
};

// Pods.
import type { Pod, PodCondition } from '../../api/generated/types.ts';
import { admitPodSpec, defaultPod } from '../../api/pod/defaults.ts';
import { hostnameWarnings, podSpecWarnings } from '../../api/pod/pod-warnings.ts';
import { qosClassOf } from '../../api/pod/qos.ts';
import { unsupportedPodFields } from '../../api/pod/unsupported-fields.ts';
import { validateEphemeralContainersUpdate } from '../../api/pod/validate-ephemeral-update.ts';
import { validatePod } from '../../api/pod/validate-pod.ts';
import { validatePodStatusUpdate, validatePodUpdate } from '../../api/pod/validate-pod-update.ts';
import { resizedPod, validateResize } from '../../api/pod/validate-resize.ts';
import { statusHalves, withStatus } from './plain.ts';
import type { Strategy } from './strategy.ts';

const halves = statusHalves<Pod>();

const GATED: PodCondition = { type: 'PodScheduled', status: 'False', reason: 'SchedulingGated', message: 'Scheduling is blocked due to non-empty scheduling gates' };

export const podStrategy: Strategy<Pod> = {
  applyDefaults: defaultPod,

  prepareForCreate(pod) {
    if (pod.spec === undefined) return withStatus(pod, undefined);
    const spec = admitPodSpec(pod.spec);
    const isGated = (spec.schedulingGates ?? []).length > 0;
    return withStatus({ ...pod, spec }, { phase: 'Pending', qosClass: qosClassOf(spec), ...(isGated ? { conditions: [GATED] } : {}) });
  },

  prepareForUpdate: halves.prepareForUpdate,

  // The class is decided once, when the Pod is created; who leaves it out means no change.
  prepareForStatusUpdate(next, old) {
    const prepared = halves.prepareForStatusUpdate(next, old);
    const qosClass = prepared.status?.qosClass ?? old.status?.qosClass;
    return withStatus(prepared, { ...prepared.status, ...(qosClass === undefined ? {} : { qosClass }) });
  },

  parts: {
    ephemeralcontainers: {
      prepare: (next, old) => ({ ...old, metadata: next.metadata, spec: { ...old.spec!, ephemeralContainers: next.spec?.ephemeralContainers } }),
      validate: validateEphemeralContainersUpdate,
    },
    resize: { prepare: resizedPod, validate: validateResize },
  },

  validate: validatePod,
  validateUpdate: validatePodUpdate,
  validateStatusUpdate: validatePodStatusUpdate,

  warningsOnCreate({ metadata, spec }) {
    const naming = hostnameWarnings(metadata?.name, "the Pod's hostname");
    return [...naming, ...(spec === undefined ? [] : [...podSpecWarnings(spec, 'spec'), ...unsupportedPodFields(spec, 'spec')])];
  },

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
    const seconds = asked ?? spec?.terminationGracePeriodSeconds ?? 30;
    return seconds < 0 ? 1 : seconds;
  },
};

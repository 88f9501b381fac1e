// Namespaces: they go in two steps, first Terminating, then, when the namespace controller says so, for good.
import { checkLabel } from '../../api/dns-name.ts';
import type { Namespace } from '../../api/generated/types.ts';
import { validateMetaUpdate } from '../../api/meta/validate-meta.ts';
import { validateNamespace, validateNamespaceStatusUpdate } from '../../api/namespace/validate-namespace.ts';
import { plainStrategy, statusHalves, withStatus } from './plain.ts';

const NAME_LABEL = 'kubernetes.io/metadata.name';
/** kube: what the system itself lives in stays. */
const IMMORTAL = ['default', 'kube-system', 'kube-public'];
const OWN_FINALIZER = 'kubernetes';
const halves = statusHalves<Namespace>();

function withNameLabel(namespace: Namespace): Namespace {
  const labels = { ...namespace.metadata?.labels, [NAME_LABEL]: namespace.metadata?.name ?? '' };
  return { ...namespace, metadata: { ...namespace.metadata, labels } };
}

/** It holds the namespace back until it is empty. */
function withOwnFinalizer(finalizers: readonly string[] = []): string[] {
  return finalizers.includes(OWN_FINALIZER) ? [...finalizers] : [...finalizers, OWN_FINALIZER];
}

export const namespaceStrategy = plainStrategy<Namespace>(checkLabel, {
  ...halves,
  prepareForCreate: (namespace) => withStatus({ ...namespace, spec: { ...namespace.spec, finalizers: withOwnFinalizer(namespace.spec?.finalizers) } }, { phase: 'Active' }),
  afterIdentity: withNameLabel,
  validate: validateNamespace,
  validateUpdate: (namespace) => validateMetaUpdate(namespace.metadata),
  validateStatusUpdate: validateNamespaceStatusUpdate,
  // What holds a namespace back is changed through /finalize alone.
  prepareForUpdate: (next, old) => withNameLabel({ ...halves.prepareForUpdate(next, old), spec: old.spec }),
  selectableFields: ({ status }) => ({ 'status.phase': status?.phase ?? '' }),
  forbidsDeletion: ({ metadata }) => (IMMORTAL.includes(metadata?.name ?? '') ? 'this namespace may not be deleted' : undefined),
  markDeleted: (namespace) => withStatus(namespace, { ...namespace.status, phase: 'Terminating' }),
  holdsDeletion: ({ spec }) => (spec?.finalizers ?? []).length > 0,
});

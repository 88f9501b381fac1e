// pure: the annotations, finalizers and names by which storage objects are told apart.

/** On the class that claims without one get. */
export const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';
/** On claims whose binding is done. */
export const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';
/** On claims and volumes that a controller, not a user, joined. */
export const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';
/** On volumes: who made them. */
export const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';
/** On claims: who is to make their volume. */
export const PROVISIONER = 'volume.kubernetes.io/storage-provisioner';
/** On claims that wait for their first Pod: where that Pod will run. */
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
/** What storageClassName was before it was a field. */
export const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';

export const CLAIM_PROTECTION = 'kubernetes.io/pvc-protection';
export const VOLUME_PROTECTION = 'kubernetes.io/pv-protection';
/** On volumes whose folder must go before they do. */
export const FOLDER_FINALIZER = 'external-provisioner.volume.kubernetes.io/finalizer';

/** minik's own provisioner: a volume is a folder of its home. */
export const DIRECTORY_PROVISIONER = 'minik.dev/directory';

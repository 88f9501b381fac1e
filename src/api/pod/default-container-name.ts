// pure: the annotation that names the container which is meant when none is named.

export const DEFAULT_CONTAINER_ANNOTATION = 'kubectl.kubernetes.io/default-container';

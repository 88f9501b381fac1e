// pure: the numbers that fields have in upstream's protobuf messages, for the models that typed clients send as bodies:
// what kubectl create makes, helm's release Secrets, and the options of deletions. A number that is not here is refused by
// name, never dropped.

/** Number -> the name of the field in JSON. */
export type FieldNumbers = Readonly<Record<number, string>>;

export const FIELD_NUMBERS: Readonly<Record<string, FieldNumbers>> = {
  V1ObjectMeta: {
    1: 'name', 2: 'generateName', 3: 'namespace', 4: 'selfLink', 5: 'uid', 6: 'resourceVersion', 7: 'generation', 8: 'creationTimestamp',
    9: 'deletionTimestamp', 10: 'deletionGracePeriodSeconds', 11: 'labels', 12: 'annotations', 13: 'ownerReferences', 14: 'finalizers',
  },
  V1OwnerReference: { 1: 'kind', 3: 'name', 4: 'uid', 5: 'apiVersion', 6: 'controller', 7: 'blockOwnerDeletion' },
  V1LabelSelector: { 1: 'matchLabels', 2: 'matchExpressions' },
  V1LabelSelectorRequirement: { 1: 'key', 2: 'operator', 3: 'values' },
  V1DeleteOptions: { 1: 'gracePeriodSeconds', 2: 'preconditions', 3: 'orphanDependents', 4: 'propagationPolicy', 5: 'dryRun' },
  V1Preconditions: { 1: 'uid', 2: 'resourceVersion' },

  V1ConfigMap: { 1: 'metadata', 2: 'data', 3: 'binaryData', 4: 'immutable' },
  V1Secret: { 1: 'metadata', 2: 'data', 3: 'type', 4: 'stringData', 5: 'immutable' },
  V1Namespace: { 1: 'metadata', 2: 'spec', 3: 'status' },
  V1NamespaceSpec: { 1: 'finalizers' },
  V1NamespaceStatus: { 1: 'phase' },
  V1ServiceAccount: { 1: 'metadata', 2: 'secrets', 3: 'imagePullSecrets', 4: 'automountServiceAccountToken' },
  V1LocalObjectReference: { 1: 'name' },
  V1ObjectReference: { 1: 'kind', 2: 'namespace', 3: 'name', 4: 'uid', 5: 'apiVersion', 6: 'resourceVersion', 7: 'fieldPath' },
  AuthenticationV1TokenRequest: { 1: 'metadata', 2: 'spec', 3: 'status' },
  V1TokenRequestSpec: { 1: 'audiences', 3: 'boundObjectRef', 4: 'expirationSeconds' },
  V1TokenRequestStatus: { 1: 'token', 2: 'expirationTimestamp' },
  V1BoundObjectReference: { 1: 'kind', 2: 'apiVersion', 3: 'name', 4: 'uid' },
  V1TokenReview: { 1: 'metadata', 2: 'spec', 3: 'status' },
  V1TokenReviewSpec: { 1: 'token', 2: 'audiences' },
  V1TokenReviewStatus: { 1: 'authenticated', 2: 'user', 3: 'error', 4: 'audiences' },
  V1SelfSubjectReview: { 1: 'metadata', 2: 'status' },
  V1SelfSubjectReviewStatus: { 1: 'userInfo' },
  V1UserInfo: { 1: 'username', 2: 'uid', 3: 'groups' },
  V1Service: { 1: 'metadata', 2: 'spec', 3: 'status' },
  V1ServiceSpec: {
    1: 'ports', 2: 'selector', 3: 'clusterIP', 4: 'type', 5: 'externalIPs', 7: 'sessionAffinity', 8: 'loadBalancerIP', 9: 'loadBalancerSourceRanges',
    10: 'externalName', 11: 'externalTrafficPolicy', 12: 'healthCheckNodePort', 13: 'publishNotReadyAddresses', 14: 'sessionAffinityConfig',
    17: 'ipFamilyPolicy', 18: 'clusterIPs', 19: 'ipFamilies', 20: 'allocateLoadBalancerNodePorts', 21: 'loadBalancerClass',
    22: 'internalTrafficPolicy', 23: 'trafficDistribution',
  },
  V1ServicePort: { 1: 'name', 2: 'protocol', 3: 'port', 4: 'targetPort', 5: 'nodePort', 6: 'appProtocol' },
  V1SessionAffinityConfig: { 1: 'clientIP' },
  V1ClientIPConfig: { 1: 'timeoutSeconds' },
  V1ServiceStatus: { 1: 'loadBalancer' },
  V1LoadBalancerStatus: { 1: 'ingress' },
  V1LoadBalancerIngress: { 1: 'ip', 2: 'hostname', 3: 'ipMode' },
  V1Eviction: { 1: 'metadata', 2: 'deleteOptions' },

  V1Job: { 1: 'metadata', 2: 'spec', 3: 'status' },
  V1JobSpec: {
    1: 'parallelism', 2: 'completions', 3: 'activeDeadlineSeconds', 4: 'selector', 5: 'manualSelector', 6: 'template', 7: 'backoffLimit',
    8: 'ttlSecondsAfterFinished', 9: 'completionMode', 10: 'suspend', 12: 'backoffLimitPerIndex', 13: 'maxFailedIndexes',
    14: 'podReplacementPolicy', 15: 'managedBy',
  },
  V1JobStatus: { 4: 'active', 5: 'succeeded', 6: 'failed', 7: 'completedIndexes', 9: 'ready', 10: 'failedIndexes', 11: 'terminating' },
  V1CronJob: { 1: 'metadata', 2: 'spec', 3: 'status' },
  V1CronJobSpec: {
    1: 'schedule', 2: 'startingDeadlineSeconds', 3: 'concurrencyPolicy', 4: 'suspend', 5: 'jobTemplate', 6: 'successfulJobsHistoryLimit',
    7: 'failedJobsHistoryLimit', 8: 'timeZone',
  },
  V1CronJobStatus: {},
  V1JobTemplateSpec: { 1: 'metadata', 2: 'spec' },
  V1PodTemplateSpec: { 1: 'metadata', 2: 'spec' },
  V1PodSpec: {
    1: 'volumes', 2: 'containers', 3: 'restartPolicy', 4: 'terminationGracePeriodSeconds', 5: 'activeDeadlineSeconds', 6: 'dnsPolicy',
    7: 'nodeSelector', 8: 'serviceAccountName', 9: 'serviceAccount', 10: 'nodeName', 11: 'hostNetwork', 12: 'hostPID', 13: 'hostIPC',
    14: 'securityContext', 15: 'imagePullSecrets', 16: 'hostname', 17: 'subdomain', 19: 'schedulerName', 20: 'initContainers',
    21: 'automountServiceAccountToken', 24: 'priorityClassName', 25: 'priority',
  },
  V1PodSecurityContext: {},
  V1Container: {
    1: 'name', 2: 'image', 3: 'command', 4: 'args', 5: 'workingDir', 6: 'ports', 7: 'env', 8: 'resources', 9: 'volumeMounts',
    13: 'terminationMessagePath', 14: 'imagePullPolicy', 16: 'stdin', 17: 'stdinOnce', 18: 'tty', 20: 'terminationMessagePolicy',
  },
  V1ContainerPort: { 1: 'name', 2: 'hostPort', 3: 'containerPort', 4: 'protocol', 5: 'hostIP' },
  V1EnvVar: { 1: 'name', 2: 'value' },
  V1ResourceRequirements: { 1: 'limits', 2: 'requests' },
  V1VolumeMount: { 1: 'name', 2: 'readOnly', 3: 'mountPath', 4: 'subPath' },
};

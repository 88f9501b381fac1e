// What the client's models do not say: the values that a field may have where they are a closed list.

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const TAINT_EFFECTS = ['NoExecute', 'NoSchedule', 'PreferNoSchedule'];
const NODE_POLICIES = ['Honor', 'Ignore'];
const PROFILES = ['Localhost', 'RuntimeDefault', 'Unconfined'];
const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const RECLAIM_POLICIES = ['Delete', 'Recycle', 'Retain'];
const VOLUME_MODES = ['Block', 'Filesystem'];
const TRAFFIC_POLICIES = ['Cluster', 'Local'];

const container = (model: string): Record<string, readonly string[]> => ({
  [`${model}.imagePullPolicy`]: ['Always', 'IfNotPresent', 'Never'],
  [`${model}.terminationMessagePolicy`]: ['FallbackToLogsOnError', 'File'],
});

/** "Model.field" -> values, in alphabetical order; of a list, its items' values. */
export const ENUM_FACTS: Readonly<Record<string, readonly string[]>> = {
  ...container('V1Container'),
  ...container('V1EphemeralContainer'),
  'V1AppArmorProfile.type': PROFILES,
  'V1ContainerPort.protocol': PROTOCOLS,
  'V1CronJobSpec.concurrencyPolicy': ['Allow', 'Forbid', 'Replace'],
  'V1HTTPGetAction.scheme': ['HTTP', 'HTTPS'],
  'V1HostPathVolumeSource.type': ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'],
  'V1JobSpec.completionMode': ['Indexed', 'NonIndexed'],
  'V1JobSpec.podReplacementPolicy': ['Failed', 'TerminatingOrFailed'],
  'V1NamespaceStatus.phase': ['Active', 'Terminating'],
  'CoreV1EndpointPort.protocol': PROTOCOLS,
  'DiscoveryV1EndpointPort.protocol': PROTOCOLS,
  'V1EndpointSlice.addressType': ['FQDN', 'IPv4', 'IPv6'],
  'V1NetworkPolicyPort.protocol': PROTOCOLS,
  'V1NetworkPolicySpec.policyTypes': ['Egress', 'Ingress'],
  'V1NodeSelectorRequirement.operator': ['DoesNotExist', 'Exists', 'Gt', 'In', 'Lt', 'NotIn'],
  'V1NodeStatus.phase': ['Pending', 'Running', 'Terminated'],
  'V1PersistentVolumeClaimSpec.accessModes': ACCESS_MODES,
  'V1PersistentVolumeClaimSpec.volumeMode': VOLUME_MODES,
  'V1PersistentVolumeClaimStatus.accessModes': ACCESS_MODES,
  'V1PersistentVolumeClaimStatus.phase': ['Bound', 'Lost', 'Pending'],
  'V1PersistentVolumeSpec.accessModes': ACCESS_MODES,
  'V1PersistentVolumeSpec.persistentVolumeReclaimPolicy': RECLAIM_POLICIES,
  'V1PersistentVolumeSpec.volumeMode': VOLUME_MODES,
  'V1PersistentVolumeStatus.phase': ['Available', 'Bound', 'Failed', 'Pending', 'Released'],
  'V1PodFailurePolicyOnExitCodesRequirement.operator': ['In', 'NotIn'],
  'V1PodFailurePolicyRule.action': ['Count', 'FailIndex', 'FailJob', 'Ignore'],
  'V1PodSecurityContext.fsGroupChangePolicy': ['Always', 'OnRootMismatch'],
  'V1PodSecurityContext.supplementalGroupsPolicy': ['Merge', 'Strict'],
  'V1PodSpec.dnsPolicy': ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'],
  'V1PodSpec.preemptionPolicy': ['Never', 'PreemptLowerPriority'],
  'V1PodSpec.restartPolicy': ['Always', 'Never', 'OnFailure'],
  'V1PodStatus.phase': ['Failed', 'Pending', 'Running', 'Succeeded', 'Unknown'],
  'V1PodStatus.qosClass': ['BestEffort', 'Burstable', 'Guaranteed'],
  'V1SeccompProfile.type': PROFILES,
  'V1SecurityContext.procMount': ['Default', 'Unmasked'],
  'V1ServicePort.protocol': PROTOCOLS,
  'V1ServiceSpec.externalTrafficPolicy': TRAFFIC_POLICIES,
  'V1ServiceSpec.internalTrafficPolicy': TRAFFIC_POLICIES,
  'V1ServiceSpec.ipFamilyPolicy': ['PreferDualStack', 'RequireDualStack', 'SingleStack'],
  'V1ServiceSpec.sessionAffinity': ['ClientIP', 'None'],
  'V1ServiceSpec.type': ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'],
  'V1StorageClass.reclaimPolicy': RECLAIM_POLICIES,
  'V1StorageClass.volumeBindingMode': ['Immediate', 'WaitForFirstConsumer'],
  'V1Taint.effect': TAINT_EFFECTS,
  'V1Toleration.effect': TAINT_EFFECTS,
  'V1Toleration.operator': ['Equal', 'Exists', 'Gt', 'Lt'],
  'V1TopologySpreadConstraint.nodeAffinityPolicy': NODE_POLICIES,
  'V1TopologySpreadConstraint.nodeTaintsPolicy': NODE_POLICIES,
  'V1TopologySpreadConstraint.whenUnsatisfiable': ['DoNotSchedule', 'ScheduleAnyway'],
  'V1VolumeMount.mountPropagation': ['Bidirectional', 'HostToContainer', 'None'],
};

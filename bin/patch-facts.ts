// What the client's models do not say: how lists merge under strategic merge patch, and how server-side apply sees them.

export interface PatchFacts {
  /** How strategic merge patch treats the field; absent: replace. */
  readonly strategy?: 'merge' | 'retainKeys' | 'merge,retainKeys';
  /** The field by which items of a merged list are told apart; absent on a merged list of scalars. */
  readonly mergeKey?: string;
  /** x-kubernetes-list-type; absent: atomic. */
  readonly listType?: 'map' | 'set';
  /** x-kubernetes-list-map-keys. */
  readonly mapKeys?: readonly string[];
}

const byKey = (mergeKey: string, mapKeys: readonly string[] = [mergeKey]): PatchFacts => ({ strategy: 'merge', mergeKey, listType: 'map', mapKeys });
const byName = byKey('name');
const CONDITIONS = byKey('type');
const SET: PatchFacts = { strategy: 'merge', listType: 'set' };

const container = (model: string): Record<string, PatchFacts> => ({
  [`${model}.env`]: byName,
  [`${model}.ports`]: byKey('containerPort', ['containerPort', 'protocol']),
  [`${model}.volumeMounts`]: byKey('mountPath'),
  [`${model}.volumeDevices`]: byKey('devicePath'),
});

/** "Model.field" -> facts. */
export const PATCH_FACTS: Readonly<Record<string, PatchFacts>> = {
  'V1ObjectMeta.ownerReferences': byKey('uid'),
  'V1ObjectMeta.finalizers': SET,
  ...container('V1Container'),
  ...container('V1EphemeralContainer'),
  'V1PodSpec.containers': byName,
  'V1PodSpec.initContainers': byName,
  'V1PodSpec.ephemeralContainers': byName,
  'V1PodSpec.volumes': { ...byName, strategy: 'merge,retainKeys' },
  'V1PodSpec.imagePullSecrets': byName,
  'V1PodSpec.hostAliases': byKey('ip'),
  'V1PodSpec.topologySpreadConstraints': byKey('topologyKey', ['topologyKey', 'whenUnsatisfiable']),
  'V1PodSpec.schedulingGates': byName,
  'V1PodSpec.resourceClaims': { ...byName, strategy: 'merge,retainKeys' },
  'V1ResourceRequirements.claims': { listType: 'map', mapKeys: ['name'] },
  'V1PersistentVolumeClaimStatus.conditions': CONDITIONS,
  'V1PodStatus.conditions': CONDITIONS,
  'V1PodStatus.podIPs': byKey('ip'),
  'V1PodStatus.hostIPs': { strategy: 'merge', mergeKey: 'ip' },
  'V1PodStatus.resourceClaimStatuses': { ...byName, strategy: 'merge,retainKeys' },
  'V1ContainerStatus.volumeMounts': byKey('mountPath'),
  'V1ContainerStatus.allocatedResourcesStatus': byName,
  'V1ResourceStatus.resources': { listType: 'map', mapKeys: ['resourceID'] },
  'V1ContainerRestartRuleOnExitCodes.values': { listType: 'set' },
  'V1JobStatus.conditions': { strategy: 'merge', mergeKey: 'type' },
  'V1PodFailurePolicyOnExitCodesRequirement.values': { listType: 'set' },
  'V1UncountedTerminatedPods.succeeded': { listType: 'set' },
  'V1UncountedTerminatedPods.failed': { listType: 'set' },
  'V1NamespaceStatus.conditions': CONDITIONS,
  'V1NodeStatus.conditions': CONDITIONS,
  'V1NodeStatus.addresses': byKey('type'),
  'V1NodeSpec.podCIDRs': SET,
  'V1ServiceAccount.secrets': byName,
  'V1DeploymentSpec.strategy': { strategy: 'retainKeys' },
  'V1DeploymentStatus.conditions': CONDITIONS,
  'V1ReplicaSetStatus.conditions': CONDITIONS,
  'V1ServiceSpec.ports': byKey('port', ['port', 'protocol']),
  'V1ServiceStatus.conditions': CONDITIONS,
};

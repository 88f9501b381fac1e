// The hosts file of a Pod, written beside its volumes and mounted into each container that does not bring its own.
import type { Container } from '../../api/generated/types.ts';
import { podFacts, type ActionScope } from '../action-scope.ts';
import type { Mount } from '../runtime/container-runtime.ts';
import { sandboxKind } from '../sandbox-rule.ts';
import { readHostHosts } from './host-files.ts';
import { hostNetworkHostsFile, HOSTS_PATH, hostsFile, mountsHosts } from './hosts-file.ts';
import { podHostname } from './pod-hostname.ts';

/** None where the engine's file is as good. */
export async function hostsMounts(scope: ActionScope, container: Container, sandboxId: string | undefined): Promise<readonly Mount[]> {
  if (mountsHosts(container)) return [];
  const content = await hostsOf(scope, sandboxId);
  if (content === undefined) return [];
  const hostPath = await scope.context.volumes.writeHosts(scope.record.pod, content);
  return [{ hostPath, containerPath: HOSTS_PATH, readOnly: false }];
}

async function hostsOf(scope: ActionScope, sandboxId: string | undefined): Promise<string | undefined> {
  const { pod } = scope.record;
  if (pod.spec?.hostNetwork === true || sandboxKind(pod) === 'host') {
    return (pod.spec?.hostAliases ?? []).length === 0 ? undefined : hostNetworkHostsFile(pod, await readHostHosts());
  }
  const { podIp } = podFacts(scope);
  return sandboxId === undefined || podIp === '' ? undefined : hostsFile(pod, podHostname(pod), podIp);
}

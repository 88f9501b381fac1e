import { describe, expect, test } from '@jest/globals';
import type { Container, PodSpec } from '../../../src/api/generated/types.ts';
import { containerSpec, sandboxSpec } from '../../../src/kubelet/container-spec.ts';
import { sandboxKind } from '../../../src/kubelet/sandbox-rule.ts';
import { aContainer, aPod, IMAGE } from '../../support/pod-seen.ts';

const NAMES = { hostname: 'p', dns: { servers: ['10.96.0.10'] } };

function specOf(container: Partial<Container>, pod: Partial<PodSpec> = {}, { user = '', sandboxId }: { user?: string; sandboxId?: string } = {}) {
  const env = new Map([['WORD', 'hi']]);
  return containerSpec(aPod(pod), aContainer('c', container), { attempt: 2, restartLevel: 1, sandboxId, image: { ...IMAGE, user }, env, mounts: [], names: NAMES });
}

describe('containerSpec', () => {
  const rows: Record<string, readonly [ReturnType<typeof specOf>, object]> = {
    'a bare container keeps the image\'s command': [specOf({}), { image: 'busybox', network: { type: 'own' }, hostname: 'p', env: [['WORD', 'hi']] }],
    'command and args are expanded': [specOf({ command: ['sh', '-c'], args: ['echo $(WORD) $$(WORD) $(NONE)'] }), { entrypoint: ['sh', '-c'], cmd: ['echo hi $(WORD) $(NONE)'] }],
    'the identity names Pod, container and attempt': [specOf({}), { identity: { namespace: 'ns', pod: 'p', podUid: 'uid-1', container: 'c', attempt: 2 } }],
    'limits and requests': [
      specOf({ resources: { limits: { cpu: '1500m', memory: '64Mi' }, requests: { cpu: '0.5' } } }),
      { resources: { cpuLimitMillis: 1_500, memoryLimitBytes: 67_108_864, cpuRequestMillis: 500 } },
    ],
    'users of the Pod, the container wins': [specOf({ securityContext: { runAsUser: 5 } }, { securityContext: { runAsUser: 1, runAsGroup: 2, fsGroup: 3, supplementalGroups: [4] } }), { user: '5:2', groups: ['4', '3'] }],
    'a group without a user keeps the image\'s': [specOf({ securityContext: { runAsGroup: 7 } }, {}, { user: '1000:1000' }), { user: '1000:7' }],
    privileges: [
      specOf({ securityContext: { privileged: true, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { add: ['NET_ADMIN'], drop: ['ALL'] } } }),
      { privileged: true, readOnlyRootFilesystem: true, noNewPrivileges: true, capabilities: { add: ['NET_ADMIN'], drop: ['ALL'] } },
    ],
    'the signal that ends it': [specOf({ lifecycle: { stopSignal: 'SIGUSR1' } }), { stopSignal: 'SIGUSR1' }],
    'the namespaces of the host': [specOf({}, { hostPID: true, hostIPC: true }), { hostProcesses: true, hostIpc: true }],
    'kernel parameters': [specOf({}, { securityContext: { sysctls: [{ name: 'net.core.somaxconn', value: '99' }] } }), { sysctls: { 'net.core.somaxconn': '99' } }],
    'ports of the host': [
      specOf({ ports: [{ containerPort: 80, hostPort: 8080, hostIP: '127.0.0.1' }, { containerPort: 81 }] }),
      { hostPorts: [{ hostIp: '127.0.0.1', hostPort: 8080, containerPort: 80, protocol: 'TCP' }], exposedPorts: ['80/tcp', '81/tcp'] },
    ],
    'profiles of the container go before the Pod\'s': [
      specOf({ securityContext: { seccompProfile: { type: 'Unconfined' }, procMount: 'Unmasked' } }, { securityContext: { seccompProfile: { type: 'RuntimeDefault' }, appArmorProfile: { type: 'Localhost', localhostProfile: 'mine' }, seLinuxOptions: { level: 's0:c1' } } }),
      { seccomp: 'unconfined', unmaskedProc: true, appArmor: 'mine', seLinux: { level: 's0:c1' } },
    ],
    'joined to a sandbox': [specOf({}, { shareProcessNamespace: true }, { sandboxId: 'box' }), { network: { type: 'join', containerId: 'box' }, shareProcessNamespaceWith: 'box' }],
    'on the host\'s network': [specOf({}, { hostNetwork: true }), { network: { type: 'host' } }],
  };

  test.each(Object.entries(rows))('%s', (_title, [spec, wants]) => {
    expect(spec).toMatchObject(wants);
  });

  test('kernel parameters and ports of the host are the sandbox\'s', () => {
    const pod = { securityContext: { sysctls: [{ name: 'net.core.somaxconn', value: '99' }] }, containers: [aContainer('c', { ports: [{ containerPort: 80, hostPort: 8080 }] })] };
    const joined = specOf({ ports: [{ containerPort: 80, hostPort: 8080 }] }, pod, { sandboxId: 'box' });
    expect(joined).not.toHaveProperty('sysctls');
    expect(joined).not.toHaveProperty('hostPorts');
    expect(sandboxSpec(aPod(pod), { attempt: 0, image: 'pause', names: NAMES })).toMatchObject({ sysctls: { 'net.core.somaxconn': '99' }, hostPorts: [{ hostPort: 8080 }] });
  });

  test('on the host\'s network every port is the host\'s by itself', () => {
    expect(specOf({ ports: [{ containerPort: 80, hostPort: 80 }] }, { hostNetwork: true })).not.toHaveProperty('hostPorts');
  });

  test('joined containers leave host name and resolver to the sandbox', () => {
    const joined = specOf({}, {}, { sandboxId: 'box' });
    for (const field of ['hostname', 'dns']) expect(joined).not.toHaveProperty(field);
    expect(sandboxSpec(aPod(), { attempt: 0, image: 'pause', names: NAMES })).toMatchObject(NAMES);
  });

  test.each([
    ['root by number', { runAsUser: 0 }, '', "container's runAsUser breaks non-root policy"],
    ['an image that runs as root', {}, '', 'container has runAsNonRoot and image will run as root'],
    ['an image with a named user', {}, 'www', 'container has runAsNonRoot and image has non-numeric user (www), cannot verify user is non-root'],
  ])('runAsNonRoot refuses %s', (_title, security, user, message) => {
    expect(() => specOf({ securityContext: { runAsNonRoot: true, ...security } }, {}, { user })).toThrow(message);
  });

  test('runAsNonRoot accepts a numeric user', () => {
    expect(specOf({ securityContext: { runAsNonRoot: true } }, {}, { user: '1000' })).not.toHaveProperty('user');
  });
});

describe('sandboxKind', () => {
  const podIp = { env: [{ name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }] };
  const rows: Record<string, readonly [Partial<PodSpec>, string]> = {
    'one container that runs once is its own sandbox': [{}, 'own'],
    'one that may be restarted needs a pause container': [{ restartPolicy: 'OnFailure' }, 'pause'],
    'so do several': [{ containers: [aContainer('a'), aContainer('b')] }, 'pause'],
    'and init containers': [{ initContainers: [aContainer('i')] }, 'pause'],
    'and a shared process namespace': [{ shareProcessNamespace: true }, 'pause'],
    'and an address that must be known beforehand': [{ containers: [aContainer('c', podIp)] }, 'pause'],
    'and a hosts file with entries of the Pod\'s': [{ hostAliases: [{ ip: '1.2.3.4', hostnames: ['a'] }] }, 'pause'],
    'and a container with a restart policy of its own': [{ containers: [aContainer('c', { restartPolicy: 'Always' })] }, 'pause'],
    'on the host\'s network nobody does': [{ hostNetwork: true, restartPolicy: 'Always' }, 'host'],
  };

  test.each(Object.entries(rows))('%s', (_title, [spec, kind]) => {
    expect(sandboxKind(aPod(spec))).toBe(kind);
  });
});

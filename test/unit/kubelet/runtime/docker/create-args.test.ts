// ContainerSpec to the engine's create body.
import { describe, expect, test } from '@jest/globals';
import type { ContainerSpec } from '../../../../../src/kubelet/runtime/container-runtime.ts';
import { createArgs } from '../../../../../src/kubelet/runtime/docker/create-args.ts';

const spec: ContainerSpec = {
  identity: { namespace: 'default', pod: 'p', podUid: 'u', container: 'main', attempt: 0 },
  image: 'busybox',
  env: [],
  network: { type: 'own' },
  mounts: [],
  resources: {},
  stdin: false,
  stdinOnce: false,
  tty: false,
};

const host = (change: Partial<ContainerSpec>): unknown => createArgs('c1', { ...spec, ...change }, 'busybox')['HostConfig'];

describe('create arguments', () => {
  test('a bare spec leaves everything else to the image and the engine', () => {
    expect(createArgs('c1', spec, 'busybox')).toEqual({
      Image: 'busybox',
      Env: [],
      Tty: false,
      OpenStdin: false,
      StdinOnce: false,
      Labels: {
        'minik.dev/cluster': 'c1',
        'minik.dev/namespace': 'default',
        'minik.dev/pod': 'p',
        'minik.dev/pod-uid': 'u',
        'minik.dev/container': 'main',
        'minik.dev/attempt': '0',
      },
      HostConfig: {
        NetworkMode: 'bridge',
        IpcMode: 'shareable',
        Mounts: [],
        LogConfig: { Type: 'json-file', Config: { 'max-size': '20m', 'max-file': '5' } },
        RestartPolicy: { Name: 'no' },
      },
    });
  });

  test('what the pod says about its process is passed on', () => {
    const full = createArgs('c1', { ...spec, entrypoint: ['sh'], cmd: ['-c', 'x'], env: [['A', 'b=c'], ['E', '']], workingDir: '/w', user: '1:2', hostname: 'h' }, 'i');
    expect(full).toMatchObject({ Entrypoint: ['sh'], Cmd: ['-c', 'x'], Env: ['A=b=c', 'E='], WorkingDir: '/w', User: '1:2', Hostname: 'h' });
  });

  test('labels of the user cannot hide whose container it is', () => {
    const args = createArgs('c1', { ...spec, labels: { a: 'b', 'minik.dev/cluster': 'other' } }, 'i');
    expect(args['Labels']).toMatchObject({ a: 'b', 'minik.dev/cluster': 'c1' });
  });

  test('a container that joins another leaves names and ports to that one, which the engine insists on', () => {
    const joined: ContainerSpec = {
      ...spec,
      network: { type: 'join', containerId: 'x' },
      hostname: 'h',
      exposedPorts: ['80/tcp'],
      domainname: 'd',
      dns: { servers: ['1.1.1.1'], searches: ['s'], options: ['o'] },
    };
    const args = createArgs('c1', joined, 'i');
    for (const key of ['Hostname', 'Domainname']) expect(args).not.toHaveProperty(key);
    expect(args).not.toHaveProperty('ExposedPorts');
    expect(args['HostConfig']).toMatchObject({ NetworkMode: 'container:x', IpcMode: 'container:x' });
    for (const key of ['Dns', 'DnsSearch', 'DnsOptions']) expect(args['HostConfig']).not.toHaveProperty(key);
  });

  test('namespaces of the host, profiles, kernel parameters and ports', () => {
    expect(host({ hostProcesses: true, hostIpc: true })).toMatchObject({ PidMode: 'host', IpcMode: 'host' });
    expect(host({ seccomp: 'unconfined', appArmor: 'mine', seLinux: { level: 's0:c1,c2' }, noNewPrivileges: true })).toMatchObject({ SecurityOpt: ['no-new-privileges', 'seccomp=unconfined', 'apparmor=mine', 'label=level:s0:c1,c2'] });
    expect(host({ unmaskedProc: true })).toMatchObject({ MaskedPaths: [], ReadonlyPaths: [] });
    expect(host({ sysctls: { a: 'b' } })).toMatchObject({ Sysctls: { a: 'b' } });
    const ports = [8080, 8081].map((hostPort) => ({ hostIp: '', hostPort, containerPort: 80, protocol: 'TCP' }));
    expect(host({ hostPorts: ports })).toMatchObject({ PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '8080' }, { HostIp: '', HostPort: '8081' }] } });
    expect(host({ mounts: [{ hostPath: '/a', containerPath: '/b', readOnly: true, propagation: 'rslave' }] })).toMatchObject({ Mounts: [{ Type: 'bind', Source: '/a', Target: '/b', ReadOnly: true, BindOptions: { Propagation: 'rslave' } }] });
  });

  test('the runtime of the engine is named where one is asked for', () => {
    expect(host({ runtimeHandler: 'runsc' })).toMatchObject({ Runtime: 'runsc' });
    expect(host({})).not.toHaveProperty('Runtime');
  });

  test('one on its own gets its names', () => {
    expect(createArgs('c1', { ...spec, hostname: 'h', domainname: 'd' }, 'i')).toMatchObject({ Hostname: 'h', Domainname: 'd' });
    expect(host({ dns: { servers: ['1.1.1.1'], searches: ['s'], options: ['o'] } })).toMatchObject({ Dns: ['1.1.1.1'], DnsSearch: ['s'], DnsOptions: ['o'] });
  });

  test('no search list at all is told apart from the host\'s', () => {
    expect(host({ dns: { servers: ['1.1.1.1'], searches: [] } })).toMatchObject({ DnsSearch: ['.'] });
    expect(host({ dns: { servers: ['1.1.1.1'] } })).not.toHaveProperty('DnsSearch');
    expect(host({ network: { type: 'host' } })).toMatchObject({ NetworkMode: 'host' });
  });

  test.each<[string, ContainerSpec['resources'], Record<string, number>]>([
    ['nothing is asked', {}, {}],
    ['memory is limited, without swap', { memoryLimitBytes: 64 << 20 }, { Memory: 64 << 20, MemorySwap: 64 << 20 }],
    ['more cores than the machine has', { cpuLimitMillis: 64_000 }, { CpuPeriod: 100_000, CpuQuota: 6_400_000 }],
    ['a thousandth of a core, below what the kernel takes', { cpuLimitMillis: 1 }, { CpuPeriod: 100_000, CpuQuota: 1000 }],
    ['half a core is requested', { cpuRequestMillis: 500 }, { CpuShares: 512 }],
    ['hardly any is requested', { cpuRequestMillis: 0 }, { CpuShares: 2 }],
  ])('limits when %s', (_when, resources, expected) => {
    const { Memory, MemorySwap, CpuPeriod, CpuQuota, CpuShares } = host({ resources }) as Record<string, number>;
    const seen = Object.entries({ Memory, MemorySwap, CpuPeriod, CpuQuota, CpuShares }).filter(([, value]) => value !== undefined);
    expect(Object.fromEntries(seen)).toEqual(expected);
  });

  test('security settings and mounts', () => {
    const settings = host({
      privileged: true,
      readOnlyRootFilesystem: true,
      capabilities: { add: ['NET_ADMIN'], drop: ['ALL'] },
      noNewPrivileges: true,
      groups: ['2000'],
      shareProcessNamespaceWith: 'x',
      mounts: [{ hostPath: '/h', containerPath: '/c', readOnly: true }],
    });
    expect(settings).toMatchObject({
      Privileged: true,
      ReadonlyRootfs: true,
      CapAdd: ['NET_ADMIN'],
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      GroupAdd: ['2000'],
      PidMode: 'container:x',
      Mounts: [{ Type: 'bind', Source: '/h', Target: '/c', ReadOnly: true }],
    });
  });

  test('the out-of-memory score is never touched: lowering it needs a privilege that engines may lack', () => {
    expect(JSON.stringify(createArgs('c1', spec, 'i'))).not.toContain('OomScoreAdj');
  });
});

import { describe, expect, test } from '@jest/globals';
import type { PodSpec } from '../../../../src/api/generated/types.ts';
import { hostNetworkHostsFile, hostsFile, mountsHosts } from '../../../../src/kubelet/names/hosts-file.ts';

const pod = (spec: Partial<PodSpec> = {}) => ({ metadata: { name: 'web' }, spec: { containers: [], ...spec } });
const ALIASES = { hostAliases: [{ ip: '123.45.67.89', hostnames: ['foo', 'bar'] }, { ip: '1.2.3.4', hostnames: ['baz'] }] };
const LOCAL = `# Kubernetes-managed hosts file.
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
fe00::0\tip6-mcastprefix
fe00::1\tip6-allnodes
fe00::2\tip6-allrouters
`;
const ADDED = `
# Entries added by HostAliases.
123.45.67.89\tfoo\tbar
1.2.3.4\tbaz
`;

describe('the hosts file of a Pod', () => {
  test('has its name', () => {
    expect(hostsFile(pod(), { hostname: 'web', domain: '', kernelName: 'web' }, '172.17.0.2')).toBe(`${LOCAL}172.17.0.2\tweb\n`);
  });

  test('has its whole name, and what the Pod adds', () => {
    expect(hostsFile(pod(ALIASES), { hostname: 'web', domain: 'peers.shop.svc.cluster.local', kernelName: 'web' }, '172.17.0.2')).toBe(`${LOCAL}172.17.0.2\tweb.peers.shop.svc.cluster.local\tweb\n${ADDED}`);
  });

  test('on the host\'s network is the host\'s, and what the Pod adds', () => {
    expect(hostNetworkHostsFile(pod(ALIASES), '127.0.0.1 localhost\n')).toBe(`# Kubernetes-managed hosts file (host network).\n127.0.0.1 localhost\n${ADDED}`);
  });

  test.each([
    [['/etc/hosts'], true],
    [['/etc/hosts/'], true],
    [['/etc', '/etc/hosts.d'], false],
    [[], false],
  ])('with mounts at %j is the container\'s own: %s', (paths, wants) => {
    expect(mountsHosts({ name: 'c', volumeMounts: paths.map((mountPath) => ({ name: 'v', mountPath })) })).toBe(wants);
  });
});

import { describe, expect, test } from '@jest/globals';
import { toTime } from '../../../src/api/time.ts';
import { nodeObject, nodeStatus, type NodeSeen } from '../../../src/kubelet/node-status.ts';
import { IMAGE, NOW } from '../../support/pod-seen.ts';

const runtime = { name: 'docker', version: '20.10', apiVersion: '1.41', operatingSystem: 'Debian', kernelVersion: '6.1', architecture: 'x86_64', cpus: 2, memoryBytes: 2_048, handlers: ['runc'], gateway: '172.17.0.1', dataDir: '/var/lib/docker' };
const seen: NodeSeen = { name: 'n', kubeletVersion: 'v1.35.0+minik', runtime, why: '', images: [IMAGE], machine: { machineId: 'm', bootId: 'b', storageBytes: 10_240 }, now: NOW };
const ready = (status: ReturnType<typeof nodeStatus>) => status.conditions?.find(({ type }) => type === 'Ready');

describe('the node', () => {
  test('tells the machine, its addresses and its engine', () => {
    const status = nodeStatus(seen, {});
    expect(status).toMatchObject({
      addresses: [{ type: 'InternalIP', address: '172.17.0.1' }, { type: 'Hostname', address: 'n' }],
      capacity: { cpu: '2', memory: '2Ki', pods: '110', 'ephemeral-storage': '10Ki' },
      nodeInfo: { architecture: 'amd64', containerRuntimeVersion: 'docker://20.10', kubeletVersion: 'v1.35.0+minik', osImage: 'Debian' },
      images: [{ names: ['busybox:latest'], sizeBytes: 1 }],
    });
    expect(ready(status)).toMatchObject({ status: 'True', reason: 'KubeletReady' });
  });

  test('tells where others than this machine reach it', () => {
    expect(nodeStatus({ ...seen, externalIps: ['192.168.1.20'] }, {}).addresses).toEqual([
      { type: 'InternalIP', address: '172.17.0.1' },
      { type: 'ExternalIP', address: '192.168.1.20' },
      { type: 'Hostname', address: 'n' },
    ]);
  });

  test('is not ready, with the reason, when the engine does not answer, and keeps what was known', () => {
    const status = nodeStatus({ ...seen, runtime: undefined, why: 'no socket', now: NOW + 60_000 }, nodeStatus(seen, {}));
    expect(ready(status)).toMatchObject({ status: 'False', message: 'container engine is not available: no socket', lastTransitionTime: toTime(NOW + 60_000) });
    expect(status.capacity?.['cpu']).toBe('2');
  });

  test('keeps the time of the last change while nothing changes', () => {
    const status = nodeStatus({ ...seen, now: NOW + 60_000 }, nodeStatus(seen, {}));
    expect(ready(status)).toMatchObject({ lastTransitionTime: toTime(NOW), lastHeartbeatTime: toTime(NOW + 60_000) });
  });

  test('carries the usual labels', () => {
    expect(nodeObject(seen).metadata?.labels).toMatchObject({ 'kubernetes.io/hostname': 'n', 'kubernetes.io/arch': 'amd64', 'kubernetes.io/os': 'linux' });
  });
});

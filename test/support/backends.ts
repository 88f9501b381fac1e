// Pods behind a Service, for tests: a base, and the changes that a case is about.
import type { EndpointSlice, Pod, PodSpec, Service, ServiceSpec } from '../../src/api/generated/types.ts';
import { toTime } from '../../src/api/time.ts';
import { NOW } from './builders.ts';
import { aService } from './services.ts';

/** Service default/web, which selects the Pods below. */
export function aSelectingService(spec: Partial<ServiceSpec> = {}, metadata: Service['metadata'] = {}): Service {
  return aService(
    { selector: { app: 'web' }, ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }], ...spec },
    { metadata: { name: 'web', namespace: 'default', uid: 'web-uid', creationTimestamp: toTime(NOW - 60_000), ...metadata } },
  );
}

export interface BackendChanges {
  readonly ip?: string;
  readonly ready?: boolean;
  readonly deleting?: boolean;
  readonly phase?: string;
  readonly labels?: Record<string, string>;
  readonly spec?: Partial<PodSpec>;
}

/** A Pod behind the Service above, ready a minute ago; `name` ends with its number: "web-7" has 172.17.0.7. */
export function aBackend(name: string, changes: BackendChanges = {}): Pod {
  const { ip = addressOf(Number(/\d+$/.exec(name)?.[0] ?? 1)), ready = true, deleting = false, phase = 'Running', labels = { app: 'web' }, spec } = changes;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: `uid-${name}`, labels, ...(deleting ? { deletionTimestamp: toTime(NOW), deletionGracePeriodSeconds: 30 } : {}) },
    spec: { nodeName: 'node', containers: [{ name: 'main', image: 'nginx' }], ...spec },
    status: { phase, ...(ip === '' ? {} : { podIP: ip, podIPs: [{ ip }] }), conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: toTime(NOW - 60_000) }] },
  };
}

export function aContainerWithPorts(ports: readonly { readonly name: string; readonly port: number; readonly protocol?: string }[]): PodSpec['containers'][number] {
  return { name: 'main', image: 'nginx', ports: ports.map(({ name, port, protocol = 'TCP' }) => ({ name, containerPort: port, protocol })) };
}

function addressOf(number: number): string {
  return `172.17.${Math.floor(number / 256)}.${number % 256}`;
}

/** "80: 172.17.0.1 172.17.0.2!" for each slice; ! not ready, ~ terminating. */
export function toldSlices(slices: readonly EndpointSlice[]): string[] {
  return slices.map(({ ports, endpoints }) => {
    const told = (endpoints ?? []).map(({ addresses, conditions }) => `${addresses[0]}${conditions?.ready === false ? '!' : ''}${conditions?.terminating === true ? '~' : ''}`);
    return `${(ports ?? []).map(({ port, protocol }) => (protocol === 'UDP' ? `${port}/UDP` : port)).join()}: ${told.join(' ')}`.trim();
  });
}

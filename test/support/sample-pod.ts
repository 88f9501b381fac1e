// A Pod with every default, to be changed by the cases of the tests.
import type { Container, Pod, PodSpec } from '../../src/api/generated/types.ts';
import { defaultPod } from '../../src/api/pod/defaults.ts';

export function samplePod(spec: Partial<PodSpec> = {}): Pod {
  return defaultPod({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'default' }, spec: { containers: [{ name: 'main', image: 'busybox:1' }], ...spec } });
}

/** A Pod whose only container is changed. */
export function withContainer(container: Partial<Container>, spec: Partial<PodSpec> = {}): Pod {
  return samplePod({ containers: [{ name: 'main', image: 'busybox:1', ...container }], ...spec });
}

// A Pod "p" with a fake container that runs, and what the API server needs to reach its processes and ports.
import type { ContainerPort } from '../../src/api/generated/types.ts';
import { PODS } from '../../src/api/kinds.ts';
import type { PodStreams } from '../../src/api/pod/pod-streams.ts';
import { systemClock } from '../../src/base/clock.ts';
import { createPodStreams } from '../../src/kubelet/pod-streams.ts';
import type { TestApi } from './api.ts';
import { FakeRuntime } from './fake-runtime.ts';

export interface ExecPods {
  readonly runtime: FakeRuntime;
  readonly streams: PodStreams;
  /** Makes a Pod of one container that runs `script`, and starts it. */
  start(api: TestApi, name: string, options?: { readonly script?: string; readonly stdin?: boolean; readonly hostNetwork?: boolean; readonly labels?: Readonly<Record<string, string>>; readonly ports?: ContainerPort[] }): Promise<string>;
}

export function createExecPods(): ExecPods {
  const runtime = new FakeRuntime(systemClock);
  return {
    runtime,
    streams: createPodStreams({ runtime, containersOf: () => undefined }),
    async start(api, name, { script = 'sleep 600', stdin = false, hostNetwork = false, labels = {}, ports } = {}) {
      const container = { name: 'c', image: 'busybox', command: ['sh', '-c', script], stdin, ...(ports === undefined ? {} : { ports }) };
      const pod = await api.client.create(PODS, {
        apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default', labels }, spec: { nodeName: 'node', hostNetwork, containers: [container] },
      });
      const id = await runtime.create({
        identity: { namespace: 'default', pod: name, podUid: pod.metadata?.uid ?? '', container: 'c', attempt: 0 },
        image: 'busybox', entrypoint: container.command, env: [], network: { type: hostNetwork ? 'host' : 'own' }, mounts: [], resources: {}, stdin, stdinOnce: stdin, tty: false,
      });
      await runtime.start(id);
      return id;
    },
  };
}

// The same batch work twice: as a Job through minik, and as `docker run --rm`, each on the default bridge.
import { execa } from 'execa';
import { setTimeout as delay } from 'node:timers/promises';
import { JOBS, PODS } from '../../src/api/kinds.ts';
import type { Job } from '../../src/api/generated/types.ts';
import type { Client } from '../../src/client/client.ts';

export const IMAGE = 'busybox';
const NAMESPACE = 'default';

export interface BatchWork {
  readonly completions: number;
  readonly parallelism: number;
}

export function jobManifest(name: string, work: BatchWork): Job {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      ...work,
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: IMAGE, command: ['true'] }] } },
    },
  };
}

/** Milliseconds from the create request to the moment a watcher hears that the Job is complete. */
export async function timeJob(client: Client, name: string, work: BatchWork): Promise<number> {
  const stop = new AbortController();
  const start = performance.now();
  const { metadata } = await client.create(JOBS, jobManifest(name, work));
  const query = { namespace: NAMESPACE, fieldSelector: `metadata.name=${name}`, resourceVersion: metadata?.resourceVersion ?? '', signal: stop.signal };
  for await (const event of client.watch(JOBS, query)) {
    if (event.type !== 'MODIFIED') continue;
    const ended = (event.object.status?.conditions ?? []).find(({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'));
    if (ended?.type === 'Failed') throw new Error(`${name} failed: ${ended.message}`);
    if (ended !== undefined) break;
  }
  const took = performance.now() - start;
  stop.abort();
  return took;
}

/** Outside of the measured time: the Job, its pods and their containers. */
export async function removeJob(client: Client, name: string): Promise<void> {
  await client.delete(JOBS, { namespace: NAMESPACE, name }, { propagationPolicy: 'Background' });
  const labelSelector = `batch.kubernetes.io/job-name=${name}`;
  for (let tries = 0; tries < 600; tries += 1) {
    if ((await client.list(PODS, { namespace: NAMESPACE, labelSelector })).items.length === 0) return;
    await delay(50);
  }
  throw new Error(`the pods of ${name} are still there after 30 s`);
}

export async function runOnDocker({ completions, parallelism }: BatchWork): Promise<void> {
  if (completions === 1) await execa('docker', ['run', '--rm', IMAGE, 'true']);
  else await execa('sh', ['-c', `seq ${completions} | xargs -P${parallelism} -I@ docker run --rm ${IMAGE} true`]);
}

// minik explain held to the real kubectl over the same API: the same bytes for kinds, fields, enums, lists, maps and mistakes.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SERVED } from '../../../src/api/kinds.ts';
import { startKubectlHome, type KubectlHome } from '../../support/kubectl-home.ts';

let home: KubectlHome;
beforeAll(async () => {
  home = await startKubectlHome();
});
afterAll(() => home.close());

async function both(line: string): Promise<void> {
  const words = line.split(' ');
  const [kubectl, minik] = await Promise.all([home.kubectl(words), home.minik(words)]);
  expect(minik).toEqual({ ...kubectl, err: kubectl.err.replaceAll('"kubectl ', '"minik ') });
}

test.each([
  'explain pod', 'explain po.spec', 'explain pods.spec.containers', 'explain pods.spec.containers.imagePullPolicy', 'explain pod.spec.restartPolicy', 'explain pods.spec.containers.ports', 'explain pod.spec.volumes', 'explain pod.spec.volumes.hostPath', 'explain pod.spec.volumes.hostPath.type',
  'explain job.spec.template.spec.nodeSelector', 'explain pod.spec.containers.resources.limits', 'explain pod.metadata', 'explain pod.metadata.creationTimestamp', 'explain pod.metadata.managedFields.fieldsV1',
  'explain pod.spec.containers.livenessProbe.httpGet.port', 'explain pod.spec.containers.securityContext', 'explain pod.spec.affinity', 'explain pod.status', 'explain job.spec', 'explain job.spec.podFailurePolicy.rules',
  'explain cj.spec.schedule', 'explain cronjobs.spec.concurrencyPolicy', 'explain configmap.data', 'explain configmap.binaryData', 'explain node.status.capacity', 'explain secret', 'explain events',
  'explain podmetrics.containers.usage', 'explain jobs --api-version=batch/v1', 'explain pod.spec.', 'explain Pod.spec.ephemeralContainers',
  'explain job.spec.podFailurePolicy --recursive', 'explain pod --recursive', 'explain cronjob --recursive',
  'explain pod.nope', 'explain pod.spec.containers.args.x', 'explain pod.metadata.labels.x', 'explain nope', 'explain', 'explain pod pod', 'explain jobs --api-version=v9', 'explain pod -o x',
])('%s', async (line) => {
  await both(line);
});

test.each(SERVED.map((row) => `explain ${row.plural} --api-version=${row.group === '' ? '' : `${row.group}/`}${row.version} --recursive`))('%s', async (line) => {
  await both(line);
});

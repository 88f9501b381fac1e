// The API as a way to Pods and Services: by every method, from kubectl, from minik and through minik proxy, to a real nginx.
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TestCluster } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';

let cluster: TestCluster;

const OBJECTS = `
apiVersion: v1
kind: ConfigMap
metadata: { name: answers }
data:
  nginx.conf: |
    user root;
    pid /tmp/nginx.pid;
    error_log /dev/stderr;
    events {}
    http {
      access_log off;
      server {
        listen 8080;
        location / { return 200 "$request_method $request_uri"; }
        location /moved { return 302 /there; }
      }
    }
---
apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec:
  terminationGracePeriodSeconds: 0
  containers:
  - name: main
    image: nginx
    imagePullPolicy: IfNotPresent
    command: [nginx, -c, /answers/nginx.conf, -g, "daemon off;"]
    ports: [{ containerPort: 8080, name: http }]
    readinessProbe: { httpGet: { port: http }, periodSeconds: 1 }
    volumeMounts: [{ name: answers, mountPath: /answers }]
  volumes: [{ name: answers, configMap: { name: answers } }]
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ name: front, port: 80, targetPort: http }] }
`;

beforeAll(async () => {
  await ensureImages('nginx:latest');
  cluster = await TestCluster.start();
  expect(await cluster.minik(['apply', '-f', '-'], { input: OBJECTS })).toMatchObject({ code: 0 });
  expect(await cluster.minik(['wait', 'pod/web', '--for=condition=Ready', '--timeout=60s'], { timeoutMs: 70_000 })).toMatchObject({ code: 0 });
}, 120_000);

afterAll(() => cluster.stop(), 60_000);

const TARGETS = ['pods/web', 'pods/web:8080', 'services/web:80', 'services/http:web:front'];
const pathTo = (target: string): string => `/api/v1/namespaces/default/${target}/proxy`;

test('kubectl and minik read what a Pod serves, and what a Service leads to', async () => {
  for (const target of TARGETS) {
    for (const tool of ['kubectl', 'minik'] as const) {
      expect(await cluster[tool](['get', '--raw', `${pathTo(target)}/some/page?a=b`])).toMatchObject({ code: 0, stdout: 'GET /some/page?a=b' });
    }
  }
}, 60_000);

test('minik proxy hands on every method, and keeps redirections inside', async () => {
  const proxy = cluster.spawn('minik', ['proxy', '--port=0']);
  try {
    const [line] = (await once(proxy.stdout!, 'data')) as [Buffer];
    const at = /^Starting to serve on (.*)\n$/.exec(String(line))?.[1];
    for (const target of TARGETS) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        const reply = await fetch(`http://${at}${pathTo(target)}/page`, { method });
        expect(`${reply.status} ${await reply.text()}`).toBe(`200 ${method} /page`);
      }
      expect((await fetch(`http://${at}${pathTo(target)}/page`, { method: 'HEAD' })).status).toBe(200);
      const moved = await fetch(`http://${at}${pathTo(target)}/moved`, { redirect: 'manual' });
      expect(moved.headers.get('location')).toBe(`${pathTo(target)}/there`);
      expect((await fetch(`http://${at}${pathTo(target)}`)).url).toBe(`http://${at}${pathTo(target)}/`);
    }
  } finally {
    proxy.kill('SIGINT');
    await proxy;
  }
}, 60_000);

test('a Service whose Pods are gone says so', async () => {
  expect(await cluster.minik(['delete', 'pod', 'web'])).toMatchObject({ code: 0 });
  const { stderr, code } = await cluster.kubectl(['get', '--raw', `${pathTo('services/web:80')}/`]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: 'Error from server (ServiceUnavailable): no endpoints available for service "web"\n' });
  expect((await cluster.kubectl(['get', '--raw', `${pathTo('services/web:81')}/`])).stderr).toBe('Error from server (ServiceUnavailable): no service port 81 found for service "web"\n');
}, 60_000);

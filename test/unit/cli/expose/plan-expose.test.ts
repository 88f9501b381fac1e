import { describe, expect, test } from '@jest/globals';
import type { ServicePort } from '../../../../src/api/generated/types.ts';
import { planExpose, type Exposed, type ExposeWish } from '../../../../src/cli/expose/plan-expose.ts';

const container = (...ports: [number, string?][]) => ({ name: 'main', image: 'i', ports: ports.map(([containerPort, protocol]) => ({ containerPort, ...(protocol === undefined ? {} : { protocol }) })) });
const pod = (...ports: [number, string?][]): Exposed => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', labels: { app: 'web' } }, spec: { containers: [container(...ports)] } });
const template = (kind: string, selector: NonNullable<Exposed['spec']>['selector']): Exposed => ({ kind, metadata: { name: 'web' }, spec: { containers: [], selector, template: { spec: { containers: [container([80])] } } } });
const plan = (object: Exposed, wish: ExposeWish = {}) => planExpose(object, object.kind ?? '', wish);

/** "80", "port-1: 80/UDP -> http" */
const told = (ports: readonly ServicePort[] | undefined): string[] =>
  (ports ?? []).map(({ name, port, protocol, targetPort }) => `${name === undefined ? '' : `${name}: `}${port}${protocol === 'TCP' ? '' : `/${protocol}`}${targetPort === port ? '' : ` -> ${targetPort}`}`);

describe('the ports', () => {
  test.each<{ name: string; object: Exposed; wish?: ExposeWish; ports: string[] }>([
    { name: 'are those of the containers', object: pod([80]), ports: ['80'] },
    { name: 'have names when there are several', object: pod([80], [443]), ports: ['port-1: 80', 'port-2: 443'] },
    { name: 'have the protocol of the container', object: pod([53, 'UDP']), ports: ['53/UDP'] },
    { name: 'are told apart where one number has two protocols', object: pod([53, 'UDP'], [53, 'TCP'], [80]), ports: ['port-1-udp: 53/UDP', 'port-1-tcp: 53', 'port-2: 80'] },
    { name: 'are what was asked for', object: pod([80]), wish: { port: '8000', targetPort: 'http' }, ports: ['8000 -> http'] },
    { name: 'are all of what was asked for', object: pod(), wish: { port: '80,81', targetPort: '8080' }, ports: ['port-1: 80 -> 8080', 'port-2: 81 -> 8080'] },
    { name: 'have the protocol that was asked for', object: pod([53, 'UDP'], [53, 'TCP']), wish: { protocol: 'SCTP' }, ports: ['53/SCTP'] },
    { name: 'may be none without an address', object: pod(), wish: { clusterIp: 'None' }, ports: [] },
    { name: 'of a template are those of its containers', object: template('Deployment', { matchLabels: { app: 'web' } }), ports: ['80'] },
    { name: 'of a Service are its own', object: { kind: 'Service', metadata: { name: 'web' }, spec: { containers: [], selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080, protocol: 'UDP' }] } }, ports: ['80/UDP'] },
  ])('$name', ({ object, wish, ports }) => {
    expect(told(plan(object, wish).spec?.ports)).toEqual(ports);
  });
});

describe('the Pods', () => {
  test.each<{ name: string; object: Exposed; wish?: ExposeWish; selector: Record<string, string> }>([
    { name: 'of a Pod have its labels', object: pod([80]), selector: { app: 'web' } },
    { name: 'are those asked for', object: pod([80]), wish: { selector: 'a=b,c=' }, selector: { a: 'b', c: '' } },
    { name: 'of a Deployment are those it selects', object: template('Deployment', { matchLabels: { app: 'web' } }), selector: { app: 'web' } },
    { name: 'of a ReplicationController are, too', object: template('ReplicationController', { app: 'web' }), selector: { app: 'web' } },
    { name: 'of a Job are those of its name, whichever Job that will be', object: template('Job', { matchLabels: { 'batch.kubernetes.io/controller-uid': 'x' } }), selector: { 'batch.kubernetes.io/job-name': 'web' } },
  ])('$name', ({ object, wish, selector }) => {
    expect(plan(object, wish).spec?.selector).toEqual(selector);
  });
});

test('the Service has the labels of the object, but not those that say which Job it is, and at most 63 letters of its name', () => {
  const job = { ...template('Job', {}), metadata: { name: 'a'.repeat(70), labels: { mine: 'yes', 'job-name': 'web', 'controller-uid': 'x' } } };
  expect(plan(job).metadata).toEqual({ name: 'a'.repeat(63), labels: { mine: 'yes' } });
  expect(plan(pod([80]), { labels: 'x=y', name: 'other' }).metadata).toEqual({ name: 'other', labels: { x: 'y' } });
});

test('what only goes with one type is left out with others', () => {
  expect(plan(pod([80]), { loadBalancerIp: '127.96.0.9', type: 'NodePort' }).spec).not.toHaveProperty('loadBalancerIP');
  expect(plan(pod([80]), { loadBalancerIp: '127.96.0.9', type: 'LoadBalancer', externalIp: '192.0.2.1', sessionAffinity: 'ClientIP' }).spec).toMatchObject({ type: 'LoadBalancer', loadBalancerIP: '127.96.0.9', externalIPs: ['192.0.2.1'], sessionAffinity: 'ClientIP' });
});

describe('what cannot be', () => {
  test.each<{ object: Exposed; wish?: ExposeWish; message: string }>([
    { object: { kind: 'ConfigMap' }, message: 'cannot expose a ConfigMap' },
    { object: pod(), message: "couldn't find port via --port flag or introspection" },
    { object: { ...pod([80]), metadata: { name: 'web' } }, message: "couldn't retrieve selectors via --selector flag or introspection: the pod has no labels and cannot be exposed" },
    { object: { kind: 'Service', spec: { containers: [] } }, message: "couldn't retrieve selectors via --selector flag or introspection: the service has no pod selector set" },
    { object: template('Deployment', { matchExpressions: [{ key: 'a', operator: 'Exists' }] }), message: `couldn't retrieve selectors via --selector flag or introspection: couldn't convert expressions - [{"key":"a","operator":"Exists"}] to map-based selector format` },
    { object: pod([80]), wish: { port: 'http' }, message: 'strconv.Atoi: parsing "http": invalid syntax' },
    { object: pod([80]), wish: { selector: 'bad' }, message: 'unexpected label spec: bad' },
    { object: pod([80]), wish: { sessionAffinity: 'Cookie' }, message: 'unknown session affinity: Cookie' },
  ])('$message', ({ object, wish, message }) => {
    expect(() => plan(object, wish)).toThrow(message);
  });
});

import { describe, expect, test } from '@jest/globals';
import type { LoadBalancerIngress, Service, ServiceSpec } from '../../../../src/api/generated/types.ts';
import { pickAddress, type AddressWish } from '../../../../src/controllers/load-balancer/pick-address.ts';
import { LOAD_BALANCER_FINALIZER, planLoadBalancer, type ObservedLoadBalancer } from '../../../../src/controllers/load-balancer/plan-load-balancer.ts';
import { aService } from '../../../support/services.ts';

const IP = '127.96.3.4';
const given: LoadBalancerIngress = { ip: IP, ipMode: 'VIP' };

interface Balancer {
  readonly spec?: Partial<ServiceSpec>;
  readonly metadata?: Service['metadata'];
  readonly ingress?: LoadBalancerIngress[];
  readonly held?: boolean;
}

function balancer({ spec, metadata, ingress, held = ingress !== undefined }: Balancer = {}): Service {
  const finalizers = held ? [LOAD_BALANCER_FINALIZER] : undefined;
  return aService({ type: 'LoadBalancer', ...spec }, { metadata: { name: 'web', namespace: 'default', ...(finalizers === undefined ? {} : { finalizers }), ...metadata }, ...(ingress === undefined ? {} : { status: { loadBalancer: { ingress } } }) });
}

/** "add-finalizer", "ingress 127.96.3.4", "EnsuredLoadBalancer" */
function told(observed: Partial<ObservedLoadBalancer> & { readonly service: Service }): string[] {
  return planLoadBalancer({ picked: { ip: IP }, problems: [], ...observed }).map((action) => {
    if (action.type === 'write-ingress') return `ingress ${action.ingress.map(({ ip }) => ip).join()}`.trim();
    return action.type === 'record-event' ? action.event.reason : action.type;
  });
}

describe('what is done for a Service', () => {
  test.each<{ name: string; service: Service; actions: string[] }>([
    { name: 'nothing, for one of another type', service: balancer({ spec: { type: 'NodePort' } }), actions: [] },
    { name: 'a new one gets its address', service: balancer(), actions: ['EnsuringLoadBalancer', 'add-finalizer', 'ingress 127.96.3.4', 'EnsuredLoadBalancer'] },
    { name: 'nothing, once it has it', service: balancer({ ingress: [given] }), actions: [] },
    { name: 'one that was cut off in between goes on', service: balancer({ held: true }), actions: ['EnsuringLoadBalancer', 'ingress 127.96.3.4', 'EnsuredLoadBalancer'] },
    { name: 'an address that somebody else wrote is put right', service: balancer({ ingress: [{ ip: '192.0.2.1', ipMode: 'VIP' }] }), actions: ['EnsuringLoadBalancer', 'ingress 127.96.3.4', 'EnsuredLoadBalancer'] },
    { name: 'one of another class is left alone', service: balancer({ spec: { loadBalancerClass: 'example.com/lb' } }), actions: [] },
    { name: 'one of our class is not', service: balancer({ spec: { loadBalancerClass: 'minik.dev/loopback' } }), actions: ['EnsuringLoadBalancer', 'add-finalizer', 'ingress 127.96.3.4', 'EnsuredLoadBalancer'] },
    { name: 'one that is deleted gives its address back first', service: balancer({ ingress: [given], metadata: { name: 'web', namespace: 'default', deletionTimestamp: '2026-03-01T12:00:00Z', finalizers: [LOAD_BALANCER_FINALIZER] } }), actions: ['DeletingLoadBalancer', 'ingress', 'remove-finalizer', 'DeletedLoadBalancer'] },
    { name: 'one that became another type does so, too', service: balancer({ spec: { type: 'ClusterIP' }, held: true }), actions: ['DeletingLoadBalancer', 'remove-finalizer', 'DeletedLoadBalancer'] },
    { name: 'one that is deleted and never had an address is not held up', service: balancer({ metadata: { name: 'web', namespace: 'default', deletionTimestamp: '2026-03-01T12:00:00Z' } }), actions: [] },
  ])('$name', ({ service, actions }) => {
    expect(told({ service })).toEqual(actions);
  });

  test('without an address left it is told why', () => {
    expect(told({ service: balancer(), picked: { ip: undefined } })).toEqual(['SyncLoadBalancerFailed']);
  });

  test('an address that it cannot have is told of with the one that it has', () => {
    const plan = planLoadBalancer({ service: balancer({ spec: { loadBalancerIP: '203.0.113.7' } }), picked: { ip: IP, refused: 'it is not one of 127.96.0.0/16' }, problems: [] });
    expect(plan).toContainEqual({ type: 'record-event', event: { type: 'Warning', reason: 'LoadBalancerIPIgnored', message: 'The load balancer cannot have the address 203.0.113.7: it is not one of 127.96.0.0/16. It has 127.96.3.4' } });
  });

  test('a port that cannot be opened is told of in the status, without further events, and taken back when it can', () => {
    const problems = [{ port: 80, protocol: 'TCP', error: 'PortInUse' }];
    expect(planLoadBalancer({ service: balancer({ ingress: [given] }), picked: { ip: IP }, problems })).toEqual([{ type: 'write-ingress', ingress: [{ ...given, ports: problems }] }]);
    expect(planLoadBalancer({ service: balancer({ ingress: [{ ...given, ports: problems }] }), picked: { ip: IP }, problems: [] })).toEqual([{ type: 'write-ingress', ingress: [given] }]);
  });

  test('whoever asks for one of AWS gets a name, too', () => {
    const annotations = { 'service.beta.kubernetes.io/aws-load-balancer-type': 'nlb' };
    expect(planLoadBalancer({ service: balancer({ metadata: { name: 'web', namespace: 'default', annotations } }), picked: { ip: IP }, problems: [] })).toContainEqual({ type: 'write-ingress', ingress: [{ ...given, hostname: 'web.default.localhost' }] });
  });
});

describe('the address', () => {
  const wish = (changes: Partial<AddressWish> = {}): AddressWish => ({ key: 'default/web', range: '127.96.0.0/16', current: undefined, asked: undefined, holderOf: () => undefined, ...changes });
  const held = (...ips: string[]) => (ip: string): string | undefined => (ips.includes(ip) ? 'default/other' : undefined);
  const first = pickAddress(wish()).ip!;

  test.each([
    { name: 'is the same for the same name, whenever it is asked for', changes: {}, picked: { ip: first } },
    { name: 'is kept', changes: { current: IP }, picked: { ip: IP } },
    { name: 'is kept also if it is not the one of the name', changes: { current: '127.96.0.1' }, picked: { ip: '127.96.0.1' } },
    { name: 'is another where somebody else has it', changes: { current: IP, holderOf: held(IP) }, picked: { ip: first } },
    { name: 'is another where it is of another range', changes: { current: '127.97.3.4' }, picked: { ip: first } },
    { name: 'is the one asked for', changes: { asked: '127.96.9.9' }, picked: { ip: '127.96.9.9' } },
    { name: 'moves to the one asked for', changes: { asked: '127.96.9.9', current: IP }, picked: { ip: '127.96.9.9' } },
    { name: 'is not one of somebody else', changes: { asked: '127.96.9.9', holderOf: held('127.96.9.9') }, picked: { ip: first, refused: 'it is the address of default/other' } },
    { name: 'is not one of elsewhere', changes: { asked: '203.0.113.7', current: IP }, picked: { ip: IP, refused: 'it is not one of 127.96.0.0/16' } },
    { name: 'is not one of no host', changes: { asked: '127.96.255.255' }, picked: { ip: first, refused: 'it is not one of 127.96.0.0/16' } },
    { name: 'is none when there is none', changes: { holderOf: () => 'default/other', range: '127.96.0.0/29' }, picked: { ip: undefined } },
  ])('$name', ({ changes, picked }) => {
    expect(pickAddress(wish(changes))).toEqual(picked);
  });

  test('is the next one where another Service of the same place has it, until all are taken', () => {
    const range = '127.96.0.0/29';
    const taken = new Set<string>();
    for (let count = 0; count < 6; count += 1) taken.add(pickAddress(wish({ range, holderOf: (ip) => (taken.has(ip) ? 'default/other' : undefined) })).ip!);
    expect([...taken].sort()).toEqual(['127.96.0.1', '127.96.0.2', '127.96.0.3', '127.96.0.4', '127.96.0.5', '127.96.0.6']);
  });
});

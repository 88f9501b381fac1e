import { expect, test } from '@jest/globals';
import { sliceIndexes } from '../../../src/api/endpointslice/slice-labels.ts';
import type { EndpointSlice, Pod, Service } from '../../../src/api/generated/types.ts';
import { silentLogger } from '../../../src/base/log.ts';
import type { NetworkPart, NetworkState } from '../../../src/network/network-part.ts';
import { createNetwork } from '../../../src/network/network.ts';
import { cachedInformer } from '../../support/cached-informer.ts';
import { aService, anEndpoint, aSlice, HERE } from '../../support/services.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

class NotedPart implements NetworkPart {
  readonly name = 'noted';
  readonly told: string[] = [];
  readonly states: NetworkState[] = [];
  /** Calls that are to fail, counted down. */
  failures = 0;
  gate: Promise<void> = Promise.resolve();

  async start(): Promise<void> {
    this.told.push('start');
    this.#fail();
  }

  async apply(state: NetworkState): Promise<void> {
    this.told.push('apply');
    this.states.push(state);
    await this.gate;
    this.#fail();
  }

  async stop(): Promise<void> {
    this.told.push('stop');
  }

  #fail(): void {
    if (this.failures === 0) return;
    this.failures -= 1;
    throw new Error('not now');
  }
}

function aNetwork() {
  const [services, slices, pods] = [cachedInformer<Service>(), cachedInformer<EndpointSlice>(sliceIndexes), cachedInformer<Pod>()];
  const clock = new VirtualClock();
  const part = new NotedPart();
  const network = createNetwork({ services, slices, pods, nodeName: HERE, parts: [part], clock, log: silentLogger });
  return { services, slices, pods, clock, part, network };
}

const named = (name: string, namespace = 'default') => ({ metadata: { name, namespace } });
const keysOf = (state: NetworkState | undefined): string[] => [...(state?.rules.keys() ?? [])];

test('nothing starts for the Services that every home has', async () => {
  const { services, clock, part, network } = aNetwork();
  services.put(aService({}, named('kubernetes')));
  services.put(aService({}, named('kube-dns', 'kube-system')));
  await clock.advance(60_000);
  expect(part.told).toEqual([]);
  await network.stop();
  expect(part.told).toEqual(['stop']);
});

test('the first Pod starts all, the Services that are always there included', async () => {
  const { services, pods, clock, part, network } = aNetwork();
  services.put(aService({}, named('kubernetes')));
  await clock.advance(10);
  pods.put({ metadata: { name: 'a', namespace: 'default' } });
  await clock.advance(10);
  expect(part.told).toEqual(['start', 'apply']);
  expect(keysOf(part.states[0])).toEqual(['default/kubernetes:/TCP']);
  await network.stop();
});

test('the changes of one turn are one state', async () => {
  const { services, slices, clock, part, network } = aNetwork();
  for (const name of ['a', 'b', 'web']) services.put(aService({}, named(name)));
  slices.put(aSlice([anEndpoint('172.17.0.2')]));
  await clock.advance(10);
  expect(part.told).toEqual(['start', 'apply']);
  expect(keysOf(part.states[0])).toEqual(['default/a:/TCP', 'default/b:/TCP', 'default/web:/TCP']);
  expect(part.states[0]!.rules.get('default/web:/TCP')!.internal).toEqual([{ ip: '172.17.0.2', port: 8080 }]);
  await network.stop();
});

test('a rule that does not change stays the same object, whatever is written', async () => {
  const { services, slices, clock, part, network } = aNetwork();
  services.put(aService());
  services.put(aService({}, named('other')));
  slices.put(aSlice([anEndpoint('172.17.0.2')]));
  await clock.advance(10);
  services.put(aService({}, named('other')));
  slices.put(aSlice([anEndpoint('172.17.0.3')]));
  await clock.advance(10);
  const [first, second] = part.states.map(({ rules }) => rules);
  expect(second!.get('default/other:/TCP')).toBe(first!.get('default/other:/TCP'));
  expect(second!.get('default/web:/TCP')!.internal).toEqual([{ ip: '172.17.0.3', port: 8080 }]);
  await network.stop();
});

test('a Service that goes takes its rules along', async () => {
  const { services, clock, part, network } = aNetwork();
  services.put(aService());
  await clock.advance(10);
  services.remove(aService());
  await clock.advance(10);
  expect(part.states.map(keysOf)).toEqual([['default/web:/TCP'], []]);
  await network.stop();
});

test('what changes while a part is busy reaches it as one newer state', async () => {
  const { services, clock, part, network } = aNetwork();
  let open = (): void => {};
  part.gate = new Promise((resolve) => (open = resolve));
  services.put(aService());
  await clock.advance(10);
  for (const name of ['a', 'b']) {
    services.put(aService({}, named(name)));
    await clock.advance(10);
  }
  expect(part.told).toEqual(['start', 'apply']);
  open();
  await clock.advance(10);
  expect(part.told).toEqual(['start', 'apply', 'apply']);
  expect(keysOf(part.states[1])).toEqual(['default/web:/TCP', 'default/a:/TCP', 'default/b:/TCP']);
  await network.stop();
});

test('a part that fails is tried again, later each time, and starts only once', async () => {
  const { services, clock, part, network } = aNetwork();
  part.failures = 3;
  services.put(aService());
  await clock.advance(10);
  expect(part.told).toEqual(['start']);
  await clock.advance(99);
  expect(part.told).toEqual(['start', 'start']);
  await clock.advance(200);
  expect(part.told).toEqual(['start', 'start', 'start']);
  await clock.advance(60_000);
  expect(part.told).toEqual(['start', 'start', 'start', 'start', 'apply']);
  await network.stop();
});

test('parts are told which ports are held and how cluster addresses get here', async () => {
  const { services, clock, part, network } = aNetwork();
  services.put(aService());
  network.setReserved(new Set(['default/web:/TCP']));
  network.setClusterIpPath('sockets');
  await clock.advance(10);
  expect(part.states.at(-1)).toMatchObject({ reserved: new Set(['default/web:/TCP']), listenOnClusterIps: 'all' });
  network.setClusterIpPath('kernel');
  await clock.advance(10);
  expect(part.states.at(-1)).toMatchObject({ listenOnClusterIps: 'none' });
  await network.stop();
});

test('after the stop nothing is applied', async () => {
  const { services, clock, part, network } = aNetwork();
  services.put(aService());
  await clock.advance(10);
  await network.stop();
  services.put(aService({}, named('late')));
  await clock.advance(60_000);
  expect(part.told).toEqual(['start', 'apply', 'stop']);
});

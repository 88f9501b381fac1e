import { describe, expect, test } from '@jest/globals';
import { Balancer } from '../../../../src/network/proxy/thread/balancer.ts';
import { aRule } from '../../../support/proxy-bench.ts';

const [A, B, C] = ['172.17.0.2', '172.17.0.3', '172.17.0.4'].map((ip) => ({ ip, port: 80 }));
const order = (balancer: Balancer, client = '10.0.0.1', now = 0): string => balancer.order('external', client, now).map(({ ip }) => ip.at(-1)).join('');

test('nobody is offered where nobody is', () => {
  expect(order(new Balancer(aRule(1, [])))).toBe('');
});

test('each takes its turn, with the others behind it', () => {
  const balancer = new Balancer(aRule(1, [A!, B!, C!]));
  expect([order(balancer), order(balancer), order(balancer), order(balancer)]).toEqual(['234', '342', '423', '234']);
});

test('inside and outside take turns of their own', () => {
  const balancer = new Balancer(aRule(1, [A!, B!]));
  order(balancer);
  expect(balancer.order('internal', 'x', 0)[0]).toEqual(A);
});

test('turns go on when backends come and go', () => {
  const balancer = new Balancer(aRule(1, [A!, B!, C!]));
  for (let turn = 0; turn < 2; turn += 1) order(balancer);
  balancer.update(aRule(1, [A!]));
  expect([order(balancer), order(balancer)]).toEqual(['2', '2']);
});

describe('with affinity', () => {
  const sticky = (backends = [A!, B!, C!]) => aRule(1, backends, { affinityMs: 1_000 });

  test('a client is offered the backend that it had, until its time is over', () => {
    const balancer = new Balancer(sticky());
    balancer.keep('10.0.0.1', B!, 0);
    expect([order(balancer, '10.0.0.1', 999), order(balancer, '10.0.0.1', 999)]).toEqual(['342', '342']);
    expect(order(balancer, '10.0.0.1', 1_000)).toBe('234');
  });

  test('the time begins anew with every connection, and with its end', () => {
    const balancer = new Balancer(sticky());
    balancer.keep('10.0.0.1', B!, 0);
    balancer.touch('10.0.0.1', 900);
    expect(order(balancer, '10.0.0.1', 1_800)).toBe('342');
  });

  test('a backend that is gone is forgotten, one that the client did not get in the end too', () => {
    const balancer = new Balancer(sticky());
    balancer.keep('10.0.0.1', B!, 0);
    balancer.update(sticky([A!, C!]));
    expect(order(balancer, '10.0.0.1', 1)).toBe('24');
    balancer.keep('10.0.0.1', C!, 1);
    expect(order(balancer, '10.0.0.1', 2)).toBe('42');
  });

  test('other clients take turns', () => {
    const balancer = new Balancer(sticky());
    balancer.keep('10.0.0.1', B!, 0);
    expect([order(balancer, '10.0.0.2', 1), order(balancer, '10.0.0.3', 1)]).toEqual(['234', '342']);
  });

  test('that is switched off nobody is remembered', () => {
    const balancer = new Balancer(sticky());
    balancer.keep('10.0.0.1', B!, 0);
    balancer.update(aRule(1, [A!, B!, C!]));
    balancer.update(sticky());
    expect(order(balancer, '10.0.0.1', 1)).toBe('234');
  });

  test('so many clients are remembered that memory has an end', () => {
    const balancer = new Balancer(sticky());
    for (let client = 0; client < 20_000; client += 1) balancer.keep(`client-${client}`, C!, 0);
    expect(order(balancer, 'client-0', 1)).toBe('234');
    expect(order(balancer, 'client-19999', 1)).toBe('423');
  });
});

// How long a change takes to reach the kernel where there are many Pods and policies: the real enforcer and a real table, without containers.
import type { Namespace, NetworkPolicy, Pod } from '../../src/api/generated/types.ts';
import { systemClock as clock } from '../../src/base/clock.ts';
import { silentLogger as log } from '../../src/base/log.ts';
import { createDirectPrograms } from '../../src/network/kernel/direct-programs.ts';
import { openKernelSession } from '../../src/network/kernel/kernel-session.ts';
import { createPolicyEnforcer, type PolicyEnforcer } from '../../src/network/policy/policy-enforcer.ts';
import { cachedInformer } from '../support/cached-informer.ts';
import { elapsed, median, type Measured } from './measure.ts';

const SIZE = { namespaces: 20, policies: 200, pods: 1_000, apps: 50, tiers: 3 };
const ROUNDS = 9;

/** Undefined where nobody may filter packets. */
export async function policyChange(): Promise<Measured | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [policies, namespaces, pods] = [cachedInformer<NetworkPolicy>(), cachedInformer<Namespace>(), cachedInformer<Pod>()];
  for (let at = 0; at < SIZE.namespaces; at += 1) namespaces.put({ metadata: { name: namespaceOf(at), labels: { team: `team${at % 5}` } } });
  for (let at = 0; at < SIZE.policies; at += 1) policies.put(policyOf(at));
  for (let at = 0; at < SIZE.pods; at += 1) pods.put(podOf(at, `tier${at % SIZE.tiers}`));
  const session = await openKernelSession({ programs: createDirectPrograms(clock), clusterId: `bench-${process.pid}`, clock, log });
  const enforcer = createPolicyEnforcer({ informers: { policies, namespaces, pods }, openSession: async () => session, recorder: { event: () => {} }, clock, log });
  try {
    await nextPlan(enforcer);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      times.push(
        await elapsed(async () => {
          pods.put(podOf(0, `tier${round % 2 === 0 ? 1 : 0}`));
          await nextPlan(enforcer);
        }),
      );
    }
    return { name: '', value: median(times), unit: 'ms', peer: 'budget', peerValue: 100 };
  } finally {
    await enforcer.stop();
    await session.stop();
  }
}

/** Resolves when the kernel has another plan than now. */
function nextPlan(enforcer: PolicyEnforcer): Promise<void> {
  return new Promise((resolve) => {
    let isNews = false;
    const stop = enforcer.onPlan(() => {
      if (isNews) resolve(stop());
      isNews = true;
    });
  });
}

function namespaceOf(at: number): string {
  return `ns${at % SIZE.namespaces}`;
}

function policyOf(at: number): NetworkPolicy {
  const app = (which: number) => ({ podSelector: { matchLabels: { app: `app${which % SIZE.apps}` } } });
  return {
    metadata: { name: `policy-${at}`, namespace: namespaceOf(at) },
    spec: {
      ...(at % 4 === 0 ? { podSelector: {} } : app(at)),
      ingress: [{ from: [{ podSelector: { matchLabels: { tier: `tier${at % SIZE.tiers}` } } }, { namespaceSelector: { matchLabels: { team: `team${at % 5}` } } }], ports: [{ port: 'web' }] }],
      egress: [{ to: [{ namespaceSelector: {}, ...app(at + 1) }], ports: [{ port: 'web' }, { port: 443 }] }],
    },
  };
}

function podOf(at: number, tier: string): Pod {
  return {
    metadata: { name: `pod-${at}`, uid: `pod-${at}`, namespace: namespaceOf(at), labels: { app: `app${at % SIZE.apps}`, tier } },
    spec: { containers: [{ name: 'c', image: 'i', ports: [{ name: 'web', containerPort: 80 + (at % 2) }] }] },
    status: { phase: 'Running', podIP: `10.${201 + (at >> 8)}.${at & 255}.2` },
  };
}

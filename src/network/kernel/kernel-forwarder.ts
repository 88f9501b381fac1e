// Keeps the table of a home at what its forwarding rules ask for: each change is one transaction of what differs.
import type { Logger } from '../../base/log.ts';
import { forwardingContents, type Forwarded } from './forwarding-content.ts';
import type { KernelFacts } from './kernel-facts.ts';
import type { KernelSession } from './kernel-session.ts';
import type { Keeper } from './keeper.ts';
import { conntrackFilter, planStaleFlows } from './plan-stale-flows.ts';
import { EMPTY_CONTENT, renderChange, type TableContent } from './table-content.ts';

export interface KernelForwarderOptions {
  readonly session: KernelSession;
  readonly facts: KernelFacts;
  readonly keeper: Pick<Keeper, 'allowHairpin' | 'forgetFlows'>;
  readonly log: Logger;
}

export interface KernelForwarder {
  /** Rejects when nft refuses: nothing has changed then. */
  apply(state: Forwarded): Promise<void>;
  stop(): void;
}

const NOTHING: Forwarded = { rules: new Map(), reserved: new Set() };

export function createKernelForwarder({ session, facts, keeper, log }: KernelForwarderOptions): KernelForwarder {
  const contentOf = forwardingContents(facts);
  let wanted: Forwarded | undefined;
  let applied: { readonly content: TableContent; readonly state: Forwarded } = { content: EMPTY_CONTENT, state: NOTHING };
  let tables = 0;
  let turn: Promise<void> = Promise.resolve();

  const catchUp = async (): Promise<void> => {
    if (wanted === undefined) return;
    const [state, table, before] = [wanted, tables, applied];
    const content = contentOf(state);
    const script = renderChange(session.table, before.content, content);
    if (script !== '') await session.run(script);
    // A table that was made anew meanwhile has nothing of this.
    if (table === tables) applied = { content, state };
    // A Pod that was started anew has a new port on the bridge, often with its old address.
    if (script !== '') await keeper.allowHairpin();
    if (facts.udp && before.content === EMPTY_CONTENT) await keeper.forgetFlows(`-p udp --orig-dst ${facts.serviceCidr}`);
    for (const flows of planStaleFlows(before.state.rules, state.rules)) await keeper.forgetFlows(conntrackFilter(flows));
  };
  const inTurn = (): Promise<void> => {
    const next = turn.then(catchUp);
    turn = next.catch(() => {});
    return next;
  };
  const stopAsking = session.whenEmpty(() => {
    tables += 1;
    applied = { content: EMPTY_CONTENT, state: NOTHING };
    inTurn().catch((error: unknown) => log.error('the rules of Services could not be written again', { error }));
  });
  return {
    apply(state) {
      wanted = facts.udp ? state : withoutUdp(state);
      return inTurn();
    },
    stop: stopAsking,
  };
}

/** The proxy in userspace ends its flows itself. */
function withoutUdp({ rules, reserved }: Forwarded): Forwarded {
  return { rules: new Map([...rules].filter(([, { protocol }]) => protocol !== 'UDP')), reserved };
}

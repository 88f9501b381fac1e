// pure: all forwarding rules as the content of a home's table.
import type { ForwardingRule } from '../forwarding/forwarding-table.ts';
import { baseContent } from './base-content.ts';
import type { KernelFacts } from './kernel-facts.ts';
import { contentOfRule, type RuleContent } from './service-content.ts';
import type { ChainDefinition, SetDefinition, SetElement, TableContent } from './table-content.ts';

export interface Forwarded {
  readonly rules: ReadonlyMap<string, ForwardingRule>;
  /** Keys of rules whose node port this home holds. */
  readonly reserved: ReadonlySet<string>;
}

/** Remembers what rules come to: a rule that did not change is the same object, and costs next to nothing. */
export function forwardingContents(facts: KernelFacts): (state: Forwarded) => TableContent {
  const base = baseContent(facts);
  const known = { reserved: new WeakMap<ForwardingRule, RuleContent>(), free: new WeakMap<ForwardingRule, RuleContent>() };
  const contentOf = (rule: ForwardingRule, isReserved: boolean): RuleContent => {
    const cache = isReserved ? known.reserved : known.free;
    const content = cache.get(rule) ?? contentOfRule(rule, { facts, isReserved });
    cache.set(rule, content);
    return content;
  };
  return ({ rules, reserved }) => {
    const sets = new Map<string, SetDefinition>(base.sets);
    const chains = new Map<string, ChainDefinition>(base.chains);
    const elements = new Map<string, SetElement>(base.elements);
    for (const key of [...rules.keys()].sort()) {
      const content = contentOf(rules.get(key)!, reserved.has(key));
      for (const [name, set] of content.sets) sets.set(name, set);
      for (const [name, chain] of content.chains) chains.set(name, chain);
      // Two Services may claim the same external address: the first by name has it, on every run.
      for (const element of content.elements) setOnce(elements, `${element.set} ${element.key}`, element);
    }
    return { sets, chains, elements };
  };
}

function setOnce<T>(map: Map<string, T>, key: string, value: T): void {
  if (!map.has(key)) map.set(key, value);
}

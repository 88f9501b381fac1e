// pure: what the table holds for the sake of the settings of the bridge: who has borrowed them, and a guard for what one of them opens.
import { lentChain } from './keeper-script.ts';
import type { HostFacts } from './kernel-facts.ts';

/** For a table that is new. The settings may be made once this is applied. */
export function settingsScript(table: string, { bridge, lent }: Pick<HostFacts, 'bridge' | 'lent'>): string {
  const fromBridge = `iifname "${bridge.name}"`;
  return [
    ...lent.map((setting) => `add chain ${table} ${lentChain(setting)}`),
    // While packets of 127.0.0.1 may go to the bridge, none may come from there.
    `add chain ${table} guard-loopback { type filter hook prerouting priority -310; }`,
    `add rule ${table} guard-loopback ${fromBridge} ip daddr 127.0.0.0/8 drop`,
    `add rule ${table} guard-loopback ${fromBridge} ip saddr 127.0.0.0/8 drop`,
  ].join('\n');
}

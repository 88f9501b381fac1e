// pure: leads questions to the port that a daemon without root may listen on.

/** For a table that is new: ahead of whatever is done for Services, for packets of Pods and of this host. */
export function redirectScript(table: string, { ip, from, to }: { readonly ip: string; readonly from: number; readonly to: number }): string {
  const hooks = [['dns-in', 'prerouting'], ['dns-out', 'output']] as const;
  return hooks
    .flatMap(([chain, hook]) => [
      `add chain ${table} ${chain} { type nat hook ${hook} priority -106; }`,
      ...['udp', 'tcp'].map((protocol) => `add rule ${table} ${chain} ip daddr ${ip} ${protocol} dport ${from} dnat to ${ip}:${to}`),
    ])
    .join('\n');
}

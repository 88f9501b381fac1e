// pure: the shell script that holds what the kernel does not remove by itself, and puts it back when its input ends.
//
// Its input ends with the daemon, however that ends. The route carries a metric of this run: a keeper that tidies up late does not
// take the route of the daemon that has been started since. What a keeper that was killed itself left behind is removed by
// the next one: the addresses are this home's alone.

export interface Kept {
  /** "10.96.0.0/16": the addresses of Services, made local, so that the host and every container reach this host with them. */
  readonly serviceCidr: string;
  /** Of this run. */
  readonly metric: number;
}

/** First thing that the script prints, on success and on failure. */
export const READY = 'ready';
export const FAILED = 'failed';

export function keeperScript({ serviceCidr, metric }: Kept): string {
  return `
route='local ${serviceCidr} dev lo'
put_back() {
  trap '' HUP INT TERM
  ip route del $route metric ${metric} 2>/dev/null
  exit 0
}
trap put_back HUP INT TERM
${dropRoutes(serviceCidr)}
said=$(ip route add $route metric ${metric} 2>&1) || { echo "${FAILED} $said"; exit 1; }
echo ${READY}
while read -r _; do :; done
put_back
`;
}

/** Removes every route of these addresses, whoever left it. */
export function dropRoutes(serviceCidr: string): string {
  return `while ip route del local ${serviceCidr} dev lo 2>/dev/null; do :; done`;
}

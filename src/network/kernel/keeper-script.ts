// pure: the shell script that holds what the kernel does not remove by itself, and puts it back when its input ends.
//
// Its input ends with the daemon, however that ends. The route carries a metric of this run: a keeper that tidies up late does not
// take the route of the daemon that has been started since. What a keeper that was killed itself left behind is removed by
// the next one: the addresses are this home's alone.
//
// Two settings of the bridge are needed by every home, and may have been what they are before any of them. A home that has changed one, or
// found it changed by another home, has an empty chain of that name in its table ("lent"): the last such home puts it back. The chain is
// there before the setting is made, and whoever puts it back looks once more afterwards: so no order of events leaves a home without it.

export interface Kept {
  /** "10.96.0.0/16": the addresses of Services, made local, so that the host and every container reach this host with them. */
  readonly serviceCidr: string;
  /** Of this run. */
  readonly metric: number;
  /** Of the engine's bridge. */
  readonly gateway: string;
  /** Of this home, without the family: "minik-0123". */
  readonly table: string;
}

/** First words of the lines that the script prints: what it found, and the end of that. */
export const SAID = { bridge: 'bridge', setting: 'setting', program: 'program', ready: 'ready', failed: 'failed', done: 'done' } as const;
/** First words of the lines that it reads. Each is answered by one "done". */
export const COMMANDS = { lend: 'lend', hairpin: 'hairpin', forget: 'forget' } as const;

/** The chain that says that a setting is to be put back by the last home. */
export function lentChain(setting: string): string {
  return `lent-${setting}`;
}

export function keeperScript({ serviceCidr, metric, gateway, table }: Kept): string {
  return `
own='${table}'
route='local ${serviceCidr} dev lo'
lent=''
lenders() {
  nft list chains ip 2>/dev/null | while read -r kind name rest; do
    case "$kind $name" in
      'table ip') table=\${rest%% *} ;;
      "chain lent-$1") echo "$table" ;;
    esac
  done
}
others() { lenders "$1" | grep -vxF "$own"; }
path_of() {
  case $1 in
    loopback) echo "/proc/sys/net/ipv4/conf/$bridge/route_localnet" ;;
    bridge) echo "/sys/class/net/$bridge/bridge/nf_call_iptables" ;;
  esac
}
put_back() {
  trap '' HUP INT TERM
  ip route del $route metric ${metric} 2>/dev/null
  for name in $lent; do
    [ -n "$(others "$name")" ] && continue
    echo 0 > "$(path_of "$name")"
    [ -n "$(others "$name")" ] && echo 1 > "$(path_of "$name")"
  done
  exit 0
}
trap put_back HUP INT TERM

address=$(ip -o -4 address show to '${gateway}/32' 2>&1 | head -n 1)
set -- $address
bridge=$2
[ -d "/sys/class/net/$bridge/bridge" ] || { echo "${SAID.failed} no bridge of this host has the address ${gateway}"; exit 1; }
echo "${SAID.bridge} $bridge $4"
if [ ! -e /proc/sys/net/bridge ] && modprobe br_netfilter 2>/dev/null; then
  for each in /proc/sys/net/bridge/bridge-nf-call-*tables; do echo 0 > "$each"; done
fi
for name in loopback bridge; do
  value=$(cat "$(path_of "$name")" 2>/dev/null)
  if [ "$name" = bridge ]; then
    all=$(cat /proc/sys/net/bridge/bridge-nf-call-iptables 2>/dev/null)
    [ "$all" = 1 ] && value=everywhere
    [ "$all" = '' ] && value=missing
  fi
  case $value in
    0) { echo 0 > "$(path_of "$name")"; } 2>/dev/null && value=lent ;;
    1) [ -n "$(lenders "$name")" ] && value=lent || value=on ;;
  esac
  [ "$value" = lent ] && lent="$lent $name"
  echo "${SAID.setting} $name $value"
done
for name in nft conntrack; do command -v $name >/dev/null && echo "${SAID.program} $name"; done
${dropRoutes(serviceCidr)}
said=$(ip route add $route metric ${metric} 2>&1) || { echo "${SAID.failed} $said"; exit 1; }
echo ${SAID.ready}

while read -r command rest; do
  case $command in
    ${COMMANDS.lend}) for name in $lent; do echo 1 > "$(path_of "$name")"; done ;;
    ${COMMANDS.hairpin}) for port in /sys/class/net/$bridge/brif/*/hairpin_mode; do read -r mode < "$port"; [ "$mode" = 0 ] && echo 1 > "$port"; done ;;
    ${COMMANDS.forget}) conntrack -D $rest ;;
  esac >/dev/null 2>&1
  echo ${SAID.done}
done
put_back
`;
}

/** Removes every route of these addresses, whoever left it. */
export function dropRoutes(serviceCidr: string): string {
  return `while ip route del local ${serviceCidr} dev lo 2>/dev/null; do :; done`;
}

// pure: the addresses at which others than this machine reach its node ports.

type Interfaces = Readonly<Record<string, readonly { readonly address: string; readonly family: string; readonly internal: boolean }[] | undefined>>;

/** Between containers, not towards others. */
const OF_CONTAINERS = /^(?:docker|br-|veth|virbr|cni|podman)/;
const LINK_LOCAL = /^(?:169\.254\.|fe80:)/i;

/** What the user asked for; 0.0.0.0 and :: are the addresses that this machine's own cards have. */
export function externalAddresses(asked: readonly string[], interfaces: Interfaces): readonly string[] {
  const cards = Object.entries(interfaces).flatMap(([name, addresses = []]) => (OF_CONTAINERS.test(name) ? [] : addresses));
  const own = cards.filter(({ internal, address }) => !internal && !LINK_LOCAL.test(address));
  const expanded = asked.flatMap((address) => {
    if (address === '::') return own.map((card) => card.address);
    if (address === '0.0.0.0') return own.filter(({ family }) => family === 'IPv4').map((card) => card.address);
    return [address];
  });
  return [...new Set(expanded)];
}

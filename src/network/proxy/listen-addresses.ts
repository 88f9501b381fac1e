// pure: the addresses of this host on which node ports are opened.

const LOOPBACK = ['127.0.0.1', '::1'];

/**
 * The loopback, the node's own address, and what the user asked for. An address that stands for all of its family takes the
 * place of those of the family: a port is not opened twice.
 */
export function listenAddresses(asked: readonly string[], node: string | undefined): readonly string[] {
  const addresses = [...new Set([...LOOPBACK, ...(node === undefined || node === '' ? [] : [node]), ...asked])];
  if (addresses.includes('::')) return ['::'];
  if (addresses.includes('0.0.0.0')) return addresses.filter((address) => address === '0.0.0.0' || address.includes(':'));
  return addresses;
}

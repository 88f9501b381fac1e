// The programs with which Services are forwarded by the kernel: nice to have, so what cannot be installed is only named.
import { aptInstall, hasProgram } from './system-packages.ts';

const PACKAGES = [
  { program: 'nft', name: 'nftables' },
  { program: 'conntrack', name: 'conntrack' },
  { program: 'ip', name: 'iproute2' },
];

export function ensureNetworkPrograms(say: (line: string) => void): void {
  const missing = PACKAGES.filter(({ program }) => !hasProgram(program)).map(({ name }) => name);
  if (process.platform !== 'linux' || missing.length === 0) return;
  const names = missing.join(' ');
  const later = `without it Services are forwarded by minik itself, and NetworkPolicies are not enforced: sudo apt-get install ${names}`;
  if (process.getuid?.() !== 0 || !hasProgram('apt-get')) return say(`not installed: ${names}; ${later}`);
  say(`installing ${names} with apt-get`);
  if (!aptInstall(missing)) say(`${names} could not be installed; ${later}`);
}

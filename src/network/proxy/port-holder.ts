// Who has a port: found in /proc, on Linux, as far as this user may look.
import { readdir, readFile, readlink } from 'node:fs/promises';
import { parseIp } from '../../api/ip.ts';

const LISTENING = '0A';
const UNCONNECTED = '07';
/** Sockets on these have the port of every address. */
const ANY: readonly string[] = ['0.0.0.0', '::'];

/** Whose socket keeps others from this address and port: "nginx (pid 12)"; undefined where it cannot be found out. */
export async function findPortHolder({ protocol, address, port }: { readonly protocol: 'TCP' | 'UDP'; readonly address: string; readonly port: number }): Promise<string | undefined> {
  const state = protocol === 'TCP' ? LISTENING : UNCONNECTED;
  const others = ANY.includes(address) ? undefined : [address, `::ffff:${address}`, ...ANY].flatMap(addressInTable);
  const isTaken = (end: string): boolean => {
    const [at = '', portInTable = ''] = end.split(':');
    return Number.parseInt(portInTable, 16) === port && (others === undefined || others.includes(at));
  };
  try {
    const inodes = new Set<string>();
    for (const file of protocol === 'TCP' ? ['tcp', 'tcp6'] : ['udp', 'udp6']) {
      const text = await readFile(`/proc/net/${file}`, 'latin1').catch(() => '');
      for (const inode of inodesOf(text, isTaken, state)) inodes.add(inode);
    }
    return inodes.size === 0 ? undefined : await processWith(inodes);
  } catch {
    return undefined;
  }
}

/** As /proc writes it: hex, four bytes at a time, the last first (every machine that Node 24 runs on but s390x). */
function addressInTable(address: string): string[] {
  const ip = parseIp(address);
  if (ip === undefined) return [];
  const digits = ip.value.toString(16).toUpperCase().padStart(ip.family === 'IPv4' ? 8 : 32, '0');
  return [digits.replace(/(..)(..)(..)(..)/g, '$4$3$2$1')];
}

function inodesOf(table: string, isTaken: (end: string) => boolean, state: string): string[] {
  return table.split('\n').flatMap((line) => {
    const columns = line.trim().split(/\s+/);
    return isTaken(columns[1] ?? '') && columns[3] === state ? (columns[9] ?? []) : [];
  });
}

async function processWith(inodes: ReadonlySet<string>): Promise<string | undefined> {
  const links = new Set([...inodes].map((inode) => `socket:[${inode}]`));
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const file of files) {
      if (!links.has(await readlink(`/proc/${pid}/fd/${file}`).catch(() => ''))) continue;
      const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
      return `${name.trim() === '' ? 'a program' : name.trim()} (pid ${pid})`;
    }
  }
  return undefined;
}

// Who has a port: found in /proc, on Linux, as far as this user may look.
import { readdir, readFile, readlink } from 'node:fs/promises';

const LISTENING = '0A';
const UNCONNECTED = '07';

/** "nginx (pid 12)"; undefined where it cannot be found out. */
export async function findPortHolder({ protocol, port }: { readonly protocol: 'TCP' | 'UDP'; readonly port: number }): Promise<string | undefined> {
  try {
    const inodes = new Set<string>();
    for (const file of protocol === 'TCP' ? ['tcp', 'tcp6'] : ['udp', 'udp6']) {
      const text = await readFile(`/proc/net/${file}`, 'latin1').catch(() => '');
      for (const inode of inodesOf(text, port, protocol === 'TCP' ? LISTENING : UNCONNECTED)) inodes.add(inode);
    }
    return inodes.size === 0 ? undefined : await processWith(inodes);
  } catch {
    return undefined;
  }
}

function inodesOf(table: string, port: number, state: string): string[] {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').flatMap((line) => {
    const columns = line.trim().split(/\s+/);
    return columns[1]?.endsWith(ending) === true && columns[3] === state ? (columns[9] ?? []) : [];
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

// What dockerd needs of the system around it and does not find in bare containers and virtual machines.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';

const CGROUPS = '/sys/fs/cgroup';
/** What runc will not do without. */
const NEEDED = ['blkio', 'cpu', 'cpuacct', 'cpuset', 'devices', 'freezer', 'memory', 'pids'];

/** Mounts the cgroup controllers where nothing has, and makes room in a container's own cgroup v2 tree. */
export function mountCgroups(say: (line: string) => void): void {
  if (existsSync(`${CGROUPS}/cgroup.controllers`)) return makeRoom(say);
  const mounted = new Set(readFileSync('/proc/mounts', 'utf8').split('\n').map((line) => line.split(' ')[1]));
  const missing = offered().filter((name) => NEEDED.includes(name) && !isMounted(mounted, name));
  if (missing.length === 0) return;
  say(`mounting the cgroup controllers ${missing.join(', ')}`);
  if (!mounted.has(CGROUPS)) mount(['-t', 'tmpfs', '-o', 'uid=0,gid=0,mode=0755', 'cgroup', CGROUPS]);
  for (const name of missing) {
    mkdirSync(`${CGROUPS}/${name}`, { recursive: true });
    // A controller that cgroup v2 has taken cannot be mounted here; dockerd will say so if it matters.
    mount(['-t', 'cgroup', '-o', name, 'cgroup', `${CGROUPS}/${name}`]);
  }
}

/**
 * In a container's own cgroup namespace the root holds processes, and a cgroup with processes can give its children no
 * controllers: so these move down one level.
 */
function makeRoom(say: (line: string) => void): void {
  const isNested = existsSync(`${CGROUPS}/cgroup.type`);
  if (!isNested || readFileSync(`${CGROUPS}/cgroup.subtree_control`, 'utf8').trim() !== '') return;
  say('moving this container’s processes into a cgroup of their own');
  mkdirSync(`${CGROUPS}/init`, { recursive: true });
  for (const pid of words(`${CGROUPS}/cgroup.procs`)) tryWrite(`${CGROUPS}/init/cgroup.procs`, pid);
  const enable = words(`${CGROUPS}/cgroup.controllers`).map((name) => `+${name}`);
  tryWrite(`${CGROUPS}/cgroup.subtree_control`, enable.join(' '));
}

/**
 * A folder whose iptables is the older variant, to put first on dockerd's path; undefined where the usual one works.
 * Kernels without nf_tables refuse the variant that distributions prefer.
 */
export function iptablesFolder(): string | undefined {
  const works = (program: string): boolean => spawnSync(program, ['-nL'], { stdio: 'ignore' }).status === 0;
  if (works('iptables') || !works('iptables-legacy')) return undefined;
  const folder = '/run/minik-iptables';
  mkdirSync(folder, { recursive: true });
  for (const name of ['iptables', 'ip6tables']) {
    const found = spawnSync('sh', ['-c', `command -v ${name}-legacy`], { encoding: 'utf8' }).stdout.trim();
    rmSync(`${folder}/${name}`, { force: true });
    if (found !== '') symlinkSync(found, `${folder}/${name}`);
  }
  return folder;
}

/** Controllers that the kernel offers to cgroup v1; hierarchy and count do not matter. */
function offered(): readonly string[] {
  const lines = readFileSync('/proc/cgroups', 'utf8').trim().split('\n').slice(1);
  return lines.map((line) => line.split('\t')).filter((fields) => fields[3] === '1').map(([name = '']) => name);
}

/** Alone, or together with others, as "cpu,cpuacct". */
function isMounted(mounted: ReadonlySet<string | undefined>, name: string): boolean {
  return [...mounted].some((path) => path?.startsWith(`${CGROUPS}/`) && path.slice(CGROUPS.length + 1).split(',').includes(name));
}

function mount(args: readonly string[]): void {
  spawnSync('mount', args, { stdio: 'ignore' });
}

function words(path: string): readonly string[] {
  return readFileSync(path, 'utf8').split(/\s+/).filter((word) => word !== '');
}

/** Single processes and controllers may refuse; dockerd works with what it gets. */
function tryWrite(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    if (!['EINVAL', 'EBUSY', 'ESRCH', 'ENOENT', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

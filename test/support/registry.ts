// A real image registry on localhost, for tests that pull: Debian's docker-registry on a free port, in a folder of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createEngineClient } from '../../src/kubelet/runtime/docker/engine-client.ts';
import { findEngine } from '../../src/kubelet/runtime/docker/endpoint.ts';
import { unpackDebianPackages } from '../../bin/offline-image.ts';

export interface LocalRegistry {
  /** "127.0.0.1:<port>": engines take an address of the machine itself without TLS. */
  readonly address: string;
  /** Puts a local image there as `<address>/<name>`; afterwards it is here no longer under that name. */
  publish(image: string, name: string): Promise<string>;
  close(): Promise<void>;
}

export async function startRegistry(): Promise<LocalRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'minik-registry-'));
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const program = findProgram();
  const child = spawn(program.path, ['serve', writeConfig(folder, address)], { stdio: 'ignore' });
  const close = async (): Promise<void> => {
    await ended(child);
    program.cleanUp();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilServing(address, child);
  } catch (error) {
    await close();
    throw error;
  }
  return { address, close, publish: (image, name) => publish(image, `${address}/${name}`) };
}

async function publish(image: string, reference: string): Promise<string> {
  const engine = createEngineClient(await findEngine(process.env));
  const colon = reference.lastIndexOf(':');
  const [repo, tag] = [reference.slice(0, colon), reference.slice(colon + 1)];
  try {
    await engine.done({ method: 'POST', path: `/images/${image}/tag`, query: { repo, tag } });
    const headers = { 'x-registry-auth': Buffer.from('{}').toString('base64') };
    const reply = await engine.open({ method: 'POST', path: `/images/${repo}/push`, query: { tag }, headers });
    const account = await text(reply.body);
    if (account.includes('"error"')) throw new Error(`cannot push ${reference}: ${account}`);
    await engine.done({ method: 'DELETE', path: `/images/${reference}` });
    return reference;
  } finally {
    engine.close();
  }
}

function writeConfig(folder: string, address: string): string {
  const path = join(folder, 'config.json');
  const config = { version: '0.1', log: { level: 'error' }, storage: { filesystem: { rootdirectory: join(folder, 'data') } }, http: { addr: address } };
  writeFileSync(path, JSON.stringify(config)); // Its YAML reader takes JSON as well.
  return path;
}

/** The system's, or the one of Debian's package, unpacked for the occasion. */
function findProgram(): { readonly path: string; readonly cleanUp: () => void } {
  const installed = '/usr/bin/docker-registry';
  if (existsSync(installed)) return { path: installed, cleanUp: () => {} };
  const { root, cleanUp } = unpackDebianPackages(['docker-registry']);
  return { path: join(root, installed), cleanUp };
}

async function untilServing(address: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the registry ended with exit code ${child.exitCode}`);
    const answers = await fetch(`http://${address}/v2/`).then((reply) => reply.ok, () => false);
    if (answers) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the registry does not answer at ${address}`);
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const bound = server.address();
      server.close(() => resolve(typeof bound === 'object' && bound !== null ? bound.port : 0));
    });
  });
}

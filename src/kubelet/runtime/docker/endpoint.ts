// Where the Docker Engine listens: DOCKER_HOST, the current docker context, or one of the well-known sockets.
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RuntimeError } from '../container-runtime.ts';
import { asRecord, asText } from './json-fields.ts';

export type Endpoint =
  | { readonly type: 'unix'; readonly socketPath: string }
  | { readonly type: 'tcp'; readonly host: string; readonly port: number; readonly tls?: EndpointTls };

export interface EndpointTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly skipVerify: boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_SOCKET = '/var/run/docker.sock';

/** Does not connect: a daemon may be started before its engine is. */
export async function findEngine(env: Environment): Promise<Endpoint> {
  if (env['DOCKER_HOST']) return fromDockerHost(env['DOCKER_HOST'], env);
  const context = env['DOCKER_CONTEXT'] || (await currentContext(env));
  if (context !== undefined && context !== '' && context !== 'default') return fromContext(context, env);
  return { type: 'unix', socketPath: await firstSocket(env) };
}

/** As the docker CLI writes it. */
export function describeEndpoint(endpoint: Endpoint): string {
  return endpoint.type === 'unix' ? `unix://${endpoint.socketPath}` : `tcp://${endpoint.host}:${endpoint.port}`;
}

async function fromDockerHost(host: string, env: Environment): Promise<Endpoint> {
  const tlsWanted = Boolean(env['DOCKER_TLS_VERIFY'] || env['DOCKER_TLS']);
  const folder = env['DOCKER_CERT_PATH'] || configFolder(env);
  const tls = tlsWanted ? await readTls(folder, !env['DOCKER_TLS_VERIFY']) : undefined;
  return parseHost(host, { named: `DOCKER_HOST=${host}`, tls });
}

async function fromContext(name: string, env: Environment): Promise<Endpoint> {
  const id = createHash('sha256').update(name).digest('hex');
  const contexts = join(configFolder(env), 'contexts');
  const metaPath = join(contexts, 'meta', id, 'meta.json');
  const meta = await readJson(metaPath);
  if (meta === undefined) throw new RuntimeError('Unavailable', `docker context "${name}" not found (no ${metaPath})`);
  const docker = asRecord(asRecord(asRecord(meta)['Endpoints'])['docker']);
  const tls = await readTls(join(contexts, 'tls', id, 'docker'), docker['SkipTLSVerify'] === true);
  const hasTls = tls.ca !== undefined || tls.cert !== undefined || tls.skipVerify;
  return parseHost(asText(docker['Host']), { named: `docker context "${name}"`, tls: hasTls ? tls : undefined });
}

const DEFAULT_PORT = 2375;
const DEFAULT_TLS_PORT = 2376;

function parseHost(host: string, origin: { readonly named: string; readonly tls: EndpointTls | undefined }): Endpoint {
  if (host.startsWith('unix://')) return { type: 'unix', socketPath: host.slice('unix://'.length) || DEFAULT_SOCKET };
  const address = /^(?:tcp|https?):\/\/(\[[^\]]+\]|[^:/]+)(?::(\d+))?\/?$/.exec(host);
  if (address !== null) {
    const secure = origin.tls ?? (host.startsWith('https:') ? { skipVerify: false } : undefined);
    const port = address[2] === undefined ? (secure ? DEFAULT_TLS_PORT : DEFAULT_PORT) : Number(address[2]);
    return { type: 'tcp', host: address[1] ?? '', port, ...(secure && { tls: secure }) };
  }
  const advice = host.startsWith('ssh://')
    ? 'ssh is not supported: the containers must run on this machine, use its unix socket'
    : 'expected unix:///path or tcp://host:port';
  throw new RuntimeError('Unavailable', `cannot use ${origin.named} ("${host}"): ${advice}`);
}

async function currentContext(env: Environment): Promise<string | undefined> {
  const config = await readJson(join(configFolder(env), 'config.json'));
  return asText(asRecord(config)['currentContext']);
}

/** The usual socket, or where rootless engines and Docker Desktop put theirs. */
async function firstSocket(env: Environment): Promise<string> {
  const candidates = [
    DEFAULT_SOCKET,
    ...(env['XDG_RUNTIME_DIR'] ? [join(env['XDG_RUNTIME_DIR'], 'docker.sock')] : []),
    ...(env['HOME'] ? [join(env['HOME'], '.docker/run/docker.sock'), join(env['HOME'], '.docker/desktop/docker.sock')] : []),
  ];
  for (const path of candidates) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isSocket()) return path;
  }
  return DEFAULT_SOCKET;
}

function configFolder(env: Environment): string {
  return env['DOCKER_CONFIG'] || join(env['HOME'] ?? '/', '.docker');
}

async function readTls(folder: string, skipVerify: boolean): Promise<EndpointTls> {
  const read = (name: string): Promise<string | undefined> => readFile(join(folder, name), 'utf8').catch(() => undefined);
  const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')]);
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }), skipVerify };
}

/** Undefined when there is no such file; a file that is there but broken is the user's to mend. */
async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new RuntimeError('Unavailable', `${path} is not valid JSON: ${(cause as Error).message}`, { cause });
  }
}

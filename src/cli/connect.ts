// From global flags to a client: minik's own daemon over its socket (started when none runs), or another API server.
import { readFile } from 'node:fs/promises';
import { SERVED, type Resource } from '../api/kinds.ts';
import type { Client } from '../client/client.ts';
import { createHttpClient, type HttpClient, type HttpClientOptions, type HttpEndpoint } from '../client/http-client.ts';
import { UsageError } from './context.ts';
import type { Forwarder } from '../client/forwarder.ts';
import type { StreamClient } from '../client/stream-client.ts';
import type { GlobalFlags } from './global-flags.ts';
import type { ChosenServer } from './kubeconfig.ts';

export interface Connection {
  /** The kubeconfig context's namespace, where one is used. */
  readonly namespace?: string;
  client(): Promise<Client>;
  streams(): Promise<StreamClient>;
  forwarder(): Promise<Forwarder>;
  resources(): Promise<readonly Resource[]>;
  close(): void;
}

export interface ConnectOptions {
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onWarning: (text: string) => void;
  /** One line for stderr, when the daemon had to be started. */
  readonly say: (line: string) => Promise<void>;
}

export async function connectTo(flags: GlobalFlags, options: ConnectOptions): Promise<Connection> {
  const clientOptions: HttpClientOptions = {
    userAgent: 'minik',
    onWarning: options.onWarning,
    requestTimeoutMs: flags.requestTimeoutMs,
  };
  if (!namesAnotherServer(flags)) return ownConnection(clientOptions, options);
  const { endpoint, namespace } = await chosenServer(flags, options.env);
  const client = createHttpClient(endpoint, clientOptions);
  let found: Promise<readonly Resource[]> | undefined;
  return {
    namespace,
    client: async () => client,
    streams: () => streamsOf(endpoint),
    forwarder: () => forwarderTo(endpoint),
    resources: () => (found ??= import('./discovery.ts').then(({ discoverResources }) => discoverResources(client))),
    close: () => client.close(),
  };
}

function ownConnection(clientOptions: HttpClientOptions, options: ConnectOptions): Connection {
  let connected: Promise<HttpClient> | undefined;
  let opened: HttpClient | undefined;
  const open = async (): Promise<HttpClient> => {
    const { probe, socketPath, startDaemon } = await import('./daemon-process.ts');
    const answer = await probe(options.home);
    if (answer === 'denied') throw new UsageError(`no permission to use ${socketPath(options.home)}: it belongs to another user`);
    if (answer !== 'answers') {
      await options.say('starting the minik daemon ...');
      await startDaemon(options.home, options.env);
    }
    return (opened = createHttpClient({ socketPath: socketPath(options.home) }, clientOptions));
  };
  const ownEndpoint = async (): Promise<HttpEndpoint> => {
    // The daemon may have to be started first.
    await (connected ??= open());
    return { socketPath: (await import('./daemon-process.ts')).socketPath(options.home) };
  };
  return {
    client: () => (connected ??= open()),
    streams: async () => streamsOf(await ownEndpoint()),
    forwarder: async () => forwarderTo(await ownEndpoint()),
    resources: async () => SERVED,
    close: () => opened?.close(),
  };
}

async function streamsOf(endpoint: HttpEndpoint): Promise<StreamClient> {
  const { createStreamClient } = await import('../client/stream-client.ts');
  return createStreamClient(endpoint);
}

async function forwarderTo(endpoint: HttpEndpoint): Promise<Forwarder> {
  const { createForwarder } = await import('../client/forwarder.ts');
  return createForwarder(endpoint);
}

function namesAnotherServer(flags: GlobalFlags): boolean {
  return [flags.kubeconfig, flags.context, flags.cluster, flags.user, flags.server].some((value) => value !== undefined);
}

async function chosenServer(flags: GlobalFlags, env: ConnectOptions['env']): Promise<ChosenServer> {
  const named = flags.kubeconfig ?? flags.context ?? flags.cluster ?? flags.user;
  const base: ChosenServer =
    named === undefined ? { endpoint: { url: serverUrl(flags.server!) } } : await (await import('./kubeconfig.ts')).chooseServer(flags, env);
  const file = (path: string | undefined): Promise<string | undefined> =>
    path === undefined ? Promise.resolve(undefined) : readFile(path, 'utf8');
  const given = {
    url: flags.server === undefined ? undefined : serverUrl(flags.server),
    ca: await file(flags.certificateAuthority),
    cert: await file(flags.clientCertificate),
    key: await file(flags.clientKey),
    token: flags.token,
    username: flags.username,
    password: flags.password,
    insecureSkipTlsVerify: flags.insecureSkipTlsVerify,
    serverName: flags.tlsServerName,
  };
  const overrides = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...base, endpoint: { ...base.endpoint, ...overrides } };
}

function serverUrl(server: string): string {
  const url = /^https?:\/\//.test(server) ? server : `http://${server}`;
  if (!URL.canParse(url)) throw new UsageError(`--server must be a URL, not "${server}"`);
  return url;
}

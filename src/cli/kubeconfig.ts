// A kubeconfig's contexts, clusters and users, read into the endpoint of one API server.
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { HttpEndpoint } from '../client/http-client.ts';
import { UsageError } from './context.ts';

export interface ServerChoice {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly cluster?: string;
  readonly user?: string;
}

export interface ChosenServer {
  readonly endpoint: Exclude<HttpEndpoint, { socketPath: string }>;
  readonly namespace?: string;
}

interface ClusterEntry {
  readonly server?: string;
  readonly 'certificate-authority'?: string;
  readonly 'certificate-authority-data'?: string;
  readonly 'insecure-skip-tls-verify'?: boolean;
  readonly 'tls-server-name'?: string;
}

interface UserEntry {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly 'client-certificate'?: string;
  readonly 'client-certificate-data'?: string;
  readonly 'client-key'?: string;
  readonly 'client-key-data'?: string;
  readonly username?: string;
  readonly password?: string;
  readonly exec?: unknown;
  readonly 'auth-provider'?: unknown;
}

interface ContextEntry {
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
}

interface Named<T> {
  readonly name: string;
  readonly value: T;
  /** Relative paths are relative to the file that has them. */
  readonly folder: string;
}

interface Merged {
  readonly currentContext: string | undefined;
  readonly contexts: readonly Named<ContextEntry>[];
  readonly clusters: readonly Named<ClusterEntry>[];
  readonly users: readonly Named<UserEntry>[];
}

export async function chooseServer(
  choice: ServerChoice,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ChosenServer> {
  const config = merge(await Promise.all(configPaths(choice, env).map(readConfig)));
  const contextName = choice.context ?? config.currentContext;
  const context = contextName === undefined || contextName === '' ? undefined : find(config.contexts, contextName);
  if (context === undefined && choice.context !== undefined) throw new UsageError(`context "${choice.context}" does not exist`);
  const clusterName = choice.cluster ?? context?.value.cluster;
  const cluster = clusterName === undefined ? undefined : find(config.clusters, clusterName);
  if (cluster?.value.server === undefined) {
    throw new UsageError(clusterName === undefined ? 'the kubeconfig has no current context' : `cluster "${clusterName}" does not exist`);
  }
  const userName = choice.user ?? context?.value.user;
  const user = userName === undefined || userName === '' ? undefined : find(config.users, userName);
  if (user === undefined && choice.user !== undefined) throw new UsageError(`auth info "${choice.user}" does not exist`);
  return {
    endpoint: { ...(await clusterEndpoint(cluster)), ...(user === undefined ? {} : await credentials(user)) },
    namespace: context?.value.namespace,
  };
}

function configPaths(choice: ServerChoice, env: Readonly<Record<string, string | undefined>>): string[] {
  if (choice.kubeconfig !== undefined) return [choice.kubeconfig];
  const listed = (env['KUBECONFIG'] ?? '').split(':').filter((path) => path !== '');
  return listed.length > 0 ? listed : [resolve(env['HOME'] ?? '/', '.kube/config')];
}

async function readConfig(path: string): Promise<Merged> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new UsageError(`cannot read the kubeconfig: ${error.message}`);
  });
  const { load } = await import('js-yaml');
  let value: unknown;
  try {
    value = load(text, { filename: path });
  } catch (error) {
    throw new UsageError(`error loading config file "${path}": ${(error as Error).message}`);
  }
  const config = (value ?? {}) as Record<string, unknown>;
  const folder = dirname(resolve(path));
  const entries = <T>(list: string, field: string): Named<T>[] =>
    ((config[list] ?? []) as Record<string, unknown>[]).map((entry) => ({
      name: String(entry['name']),
      value: (entry[field] ?? {}) as T,
      folder,
    }));
  return {
    currentContext: config['current-context'] as string | undefined,
    contexts: entries('contexts', 'context'),
    clusters: entries('clusters', 'cluster'),
    users: entries('users', 'user'),
  };
}

/** The first file that sets a value wins, as with KUBECONFIG lists everywhere. */
function merge(configs: readonly Merged[]): Merged {
  return {
    currentContext: configs.map((one) => one.currentContext).find((name) => name !== undefined && name !== ''),
    contexts: configs.flatMap((one) => one.contexts),
    clusters: configs.flatMap((one) => one.clusters),
    users: configs.flatMap((one) => one.users),
  };
}

function find<T>(entries: readonly Named<T>[], name: string): Named<T> | undefined {
  return entries.find((entry) => entry.name === name);
}

async function clusterEndpoint({ value, folder }: Named<ClusterEntry>): Promise<ChosenServer['endpoint']> {
  return {
    url: value.server!,
    ca: await pem(folder, { data: value['certificate-authority-data'], path: value['certificate-authority'] }),
    insecureSkipTlsVerify: value['insecure-skip-tls-verify'],
    serverName: value['tls-server-name'],
  };
}

async function credentials({ name, value, folder }: Named<UserEntry>): Promise<Partial<ChosenServer['endpoint']>> {
  if (value.exec !== undefined || value['auth-provider'] !== undefined) {
    throw new UsageError(`user "${name}" of the kubeconfig gets its credentials from a plugin, which minik does not run; use --token`);
  }
  return {
    token: value.tokenFile === undefined ? value.token : (await readFile(resolve(folder, value.tokenFile), 'utf8')).trim(),
    cert: await pem(folder, { data: value['client-certificate-data'], path: value['client-certificate'] }),
    key: await pem(folder, { data: value['client-key-data'], path: value['client-key'] }),
    username: value.username,
    password: value.password,
  };
}

async function pem(folder: string, from: { readonly data?: string; readonly path?: string }): Promise<string | undefined> {
  if (from.data !== undefined) return Buffer.from(from.data, 'base64').toString('utf8');
  return from.path === undefined ? undefined : readFile(resolve(folder, from.path), 'utf8');
}

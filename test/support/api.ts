// The API without a daemon: a real SQLite store in memory, the real handler, and clients in process. For integration tests.
import { generateKeyPairSync } from 'node:crypto';
import type { AttemptSource } from '../../src/api/attempt/attempt-source.ts';
import type { NetworkStatusSource } from '../../src/api/network/network-status.ts';
import type { UsageSource } from '../../src/api/usage/usage-source.ts';
import { CONFIG_MAPS, SERVICE_ACCOUNTS } from '../../src/api/kinds.ts';
import { TokenKeys } from '../../src/apiserver/account/token-keys.ts';
import type { Dial } from '../../src/apiserver/proxy/exchange.ts';
import { createApiServer } from '../../src/apiserver/server.ts';
import { clusterNetwork, type ClusterNetwork } from '../../src/api/service/cluster-network.ts';
import type { ApiHandler } from '../../src/api/wire.ts';
import { systemClock, type Clock } from '../../src/base/clock.ts';
import { randomIds } from '../../src/base/ids.ts';
import { silentLogger } from '../../src/base/log.ts';
import type { Client } from '../../src/client/client.ts';
import { createRestClient } from '../../src/client/rest-client.ts';
import { createBootstrapObjects } from '../../src/daemon/bootstrap-objects.ts';
import { versionInfo } from '../../src/daemon/version.ts';
import { openStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import type { PodLogs } from '../../src/api/pod/pod-logs.ts';
import type { PodStreams } from '../../src/api/pod/pod-streams.ts';

export interface TestApi {
  readonly store: Store;
  readonly handle: ApiHandler;
  readonly client: Client;
  readonly keys: TokenKeys;
  /** Texts of the Warning headers that the client was sent; cleared by the reader. */
  readonly warnings: string[];
  close(): Promise<void>;
}

export async function startApi(options: { readonly clock?: Clock; readonly podLogs?: PodLogs; readonly podStreams?: PodStreams; readonly attempts?: AttemptSource; readonly usage?: UsageSource; readonly network?: ClusterNetwork; readonly policyProblem?: () => Promise<string | undefined>; readonly networkStatus?: NetworkStatusSource; /** A file; default: memory. */ readonly path?: string; readonly dial?: Dial; /** What the disk has room for. */ readonly maxPages?: number } = {}): Promise<TestApi> {
  const clock = options.clock ?? systemClock;
  const store = openStore({ path: options.path ?? ':memory:', log: silentLogger, ...(options.maxPages === undefined ? {} : { maxPages: options.maxPages }) });
  const none = () => Promise.reject(new Error('this test has no containers'));
  const keys = newTokenKeys();
  const handle = createApiServer({
    store,
    clock,
    ids: randomIds,
    log: silentLogger,
    network: options.network ?? clusterNetwork(0),
    ...(options.networkStatus === undefined ? {} : { networkStatus: options.networkStatus }),
    ...(options.policyProblem === undefined ? {} : { policyProblem: options.policyProblem }),
    keys,
    ...(options.dial === undefined ? {} : { dial: options.dial }),
    version: versionInfo(),
    serverAddress: '127.0.0.1:0',
    healthChecks: [],
    podLogs: options.podLogs ?? none,
    podStreams: options.podStreams ?? { exec: none, attach: none, portForward: none },
    usage: options.usage ?? { pods: async () => [], nodes: async () => [] },
    attempts: options.attempts ?? { list: async () => [], log: async () => undefined },
  });
  const warnings: string[] = [];
  const client = createRestClient({
    transport: (request) => handle({ ...request, user: 'test' }),
    onWarning: (text) => warnings.push(text),
  });
  await createBootstrapObjects(client);
  return { store, handle, client, keys, warnings, close: () => store.close() };
}

/** What the daemon's controller puts into every namespace, and Pods stand on. */
export async function createNamespaceObjects(client: Client, namespace: string): Promise<void> {
  await client.create(SERVICE_ACCOUNTS, { metadata: { name: 'default', namespace } });
  await client.create(CONFIG_MAPS, { metadata: { name: 'kube-root-ca.crt', namespace }, data: { 'ca.crt': 'a certificate' } });
}

/** A new key for tokens. */
export function newTokenKeys(): TokenKeys {
  return new TokenKeys(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
}

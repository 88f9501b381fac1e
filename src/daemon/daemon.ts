// The composition root: constructs everything, starts it in order, stops it in reverse.
import type { AttemptSource } from '../api/attempt/attempt-source.ts';
import { CONFIG_MAPS, EVENTS, EVENTS_V1, NODES, PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, PODS, RESOURCES, SECRETS, SERVICES, type Resource } from '../api/kinds.ts';
import type { KubeObject } from '../api/object.ts';
import { createApiServer } from '../apiserver/server.ts';
import type { NetworkStatusSource } from '../api/network/network-status.ts';
import type { PodLogs } from '../api/pod/pod-logs.ts';
import type { PodStreams } from '../api/pod/pod-streams.ts';
import { OWN_SERVICES } from '../api/service/own-services.ts';
import type { UsageSource } from '../api/usage/usage-source.ts';
import type { Clock } from '../base/clock.ts';
import { randomIds } from '../base/ids.ts';
import type { Logger } from '../base/log.ts';
import { watchWake } from '../base/wake.ts';
import { BackgroundEventRecorder } from '../client/event-recorder.ts';
import { createInProcessClient } from '../client/in-process-client.ts';
import { startControllers } from '../controllers/runtime/run-controllers.ts';
import type { Network } from '../network/network.ts';
import { storagePrefix } from '../apiserver/stored-object.ts';
import { startCompaction } from '../store/compaction.ts';
import type { Store } from '../store/store.ts';
import { openStore } from '../store/sqlite/sqlite-store.ts';
import { bearerAuthentication } from './authenticate.ts';
import { openEngine } from './engine.ts';
import { createBootstrapObjects } from './bootstrap-objects.ts';
import { createClusterDns } from './cluster-dns.ts';
import { claimNetwork } from './cluster-network.ts';
import { createControllers } from './controllers.ts';
import { listenOnAddress, listenOnLoopback, listenOnSocket } from './endpoints.ts';
import { clusterIdOf, prepareHome } from './home.ts';
import { createKernel } from './kernel.ts';
import { startInformers } from './informers.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { startNetwork } from './network.ts';
import { serveOnNode, type NodeEndpoint } from './node-endpoint.ts';
import { startNode } from './node.ts';
import { startPolicies } from './policies.ts';
import type { HomePaths } from './paths.ts';
import { loadPki, writeSecret } from './pki.ts';
import { serviceEnvSource } from './service-env.ts';
import { loadSettings } from './settings.ts';
import { slotNotesFolder } from './slot-notes.ts';
import { loadTokenKeys } from './token-keys.ts';
import { UnopenedPorts } from './unopened-ports.ts';
import { versionInfo } from './version.ts';

export interface DaemonOptions {
  readonly paths: HomePaths;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Daemon {
  readonly url: string;
  /** Stops serving and reconciling; containers run on. */
  stop(): Promise<void>;
}

/** Names that the server's certificate is good for. */
const SERVER_NAMES = ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local', '127.0.0.1'];
const NODE_HEAD_START_MS = 250;
const COLLECTED = RESOURCES.filter((row) => row !== (EVENTS as Resource) && row !== (EVENTS_V1 as Resource));

/** Throws StartError and StoreError with messages for people. */
export async function startDaemon({ paths, env, clock, log }: DaemonOptions): Promise<Daemon> {
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of stops.splice(0).reverse()) await step();
  };
  try {
    await prepareHome(paths);
    const [settings, keys] = await Promise.all([loadSettings(paths), loadTokenKeys(paths.pki)]);
    const store = openStore({ path: paths.database, log });
    stops.push(() => store.close());
    const addresses = await claimNetwork({ paths, notes: slotNotesFolder(env), log, hasServices: () => hasServices(store) });
    stops.push(() => addresses.release());
    const progress = { started: false };
    const notStarted = () => Promise.reject(new Error('the kubelet is not started yet'));
    let podLogs: PodLogs = notStarted;
    let podStreams: PodStreams = { exec: notStarted, attach: notStarted, portForward: notStarted };
    let usage: UsageSource = { pods: notStarted, nodes: notStarted };
    let networkStatus: NetworkStatusSource = { capabilities: () => [] };
    let attempts: AttemptSource = { list: notStarted, log: notStarted };
    let policyProblem: () => Promise<string | undefined> = async () => undefined;
    const handle = createApiServer({
      store,
      clock,
      ids: randomIds,
      log,
      network: addresses.network,
      keys,
      version: versionInfo(),
      serverAddress: '127.0.0.1',
      healthChecks: [
        { name: 'ping', readinessOnly: false, check: () => undefined },
        { name: 'store', readinessOnly: false, check: () => undefined },
        { name: 'poststarthook/controllers', readinessOnly: true, check: () => (progress.started ? undefined : 'not started') },
      ],
      networkStatus: { capabilities: () => networkStatus.capabilities() },
      policyProblem: () => policyProblem(),
      podLogs: (query) => podLogs(query),
      podStreams: { exec: (request) => podStreams.exec(request), attach: (request) => podStreams.attach(request), portForward: (request) => podStreams.portForward(request) },
      usage: { pods: (uids) => usage.pods(uids), nodes: () => usage.nodes() },
      attempts: { list: (query) => attempts.list(query), log: (key, range) => attempts.log(key, range) },
    });
    const asUser = (user: string) => createInProcessClient(handle, { user });
    const recorder = (component: string, host?: string) => {
      const made = new BackgroundEventRecorder({ client: asUser(component), clock, log, component, host });
      stops.push(() => made.flush());
      return made;
    };

    const [pki] = await Promise.all([loadPki({ dir: paths.pki, clock, names: [...SERVER_NAMES, addresses.network.apiIp] }), createBootstrapObjects(asUser('system:apiserver'))]);
    const compaction = startCompaction({ store, clock, log });
    stops.push(() => compaction.stop());
    const served = { handle, log, clock, authenticate: bearerAuthentication({ keys, store, clock, adminToken: pki.token }) };
    const loopback = await listenOnLoopback({ ...served, pki });
    stops.push(() => loopback.close());
    await writeSecret(paths.kubeconfig, kubeconfigText({ server: loopback.url, caCert: pki.caCert, token: pki.token }));

    const informers = startInformers({ client: asUser('system:kube-controller-manager'), resources: COLLECTED, clock, log });
    stops.push(() => informers.stop());
    const of = <T extends KubeObject>(resource: Resource<T>) => informers.of(resource);
    await informers.synced;

    let endpoint: NodeEndpoint | undefined;
    let network: Network | undefined;
    const clusterId = await clusterIdOf(paths);
    const engine = await openEngine({ env, clusterId, clock, log });
    stops.push(() => engine.runtime.close());
    const kernel = createKernel({ engine, network: addresses.network, clusterId, onPath: (path) => network?.setClusterIpPath(path), onProblem: (why) => policies.noteProblem(why), clock, log });
    stops.push(() => kernel.access.stop());
    const policies = startPolicies({ of, dnsIp: addresses.network.dnsIp, kernel: kernel.access, recorder: recorder('network-policy'), clock, log });
    stops.push(() => policies.stop());
    policyProblem = () => policies.problem();
    const dns = createClusterDns({ of, network: addresses.network, kernel: kernel.access, clock, log });
    networkStatus = { capabilities: () => [...kernel.part.capabilities(), dns.capability(), policies.capability()] };
    const node = startNode({
      paths,
      nodeAddresses: settings.nodeAddresses,
      clock,
      log,
      runtime: engine.runtime,
      attemptLimits: settings.attempts,
      network: policies,
      client: (name) => asUser(`system:node:${name}`),
      recorder: (name) => recorder('kubelet', name),
      informers: { pods: of(PODS), configMaps: of(CONFIG_MAPS), secrets: of(SECRETS), claims: of(PERSISTENT_VOLUME_CLAIMS), volumes: of(PERSISTENT_VOLUMES) },
      serviceEnv: serviceEnvSource({ services: of(SERVICES), routed: kernel.access.routed, nodeEndpoint: async () => endpoint?.tried() }),
      clusterDns: () => dns.serverIp(),
    });
    stops.push(() => node.stop());
    // Pods wait for it; a daemon that fails to start has none.
    stops.push(() => dns.stop());
    podLogs = node.logs;
    podStreams = node.streams;
    attempts = node.attempts;
    usage = node.usage;

    const reachable = serveOnNode({
      nodes: of(NODES),
      nodeName: node.name,
      listen: async (ip) => listenOnAddress(served, { host: ip, port: loopback.port, tls: await pki.certificateFor(ip) }),
      clock,
      log,
    });
    endpoint = reachable;
    stops.push(() => reachable.stop());

    const unopened = new UnopenedPorts();
    const wake = watchWake(clock);
    stops.push(() => wake.stop());
    const controllers = startControllers(
      createControllers({
        informers,
        asUser,
        recorder,
        clock,
        network: addresses.network,
        apiEndpoint: reachable,
        unopened,
        awakeSince: wake.awakeSince,
        volumeFolders: node.volumeFolders,
        volumesPath: paths.volumes,
        rootCa: pki.caCert,
        keys,
      }),
      { clock, log },
    );
    stops.push(() => controllers.stop());

    const started = startNetwork({ of, nodeName: node.name, nodeAddresses: settings.nodeAddresses, parts: [kernel.part, dns], policies, recorder: recorder('kube-proxy', node.name), unopened, clock, log });
    network = started;
    stops.push(() => started.stop());

    // The first Pod should find its node; an engine that is away must not hold up the rest.
    await Promise.race([node.ready, new Promise<void>((resolve) => clock.setTimer(NODE_HEAD_START_MS, resolve))]);

    // Before the socket: whoever sees that the daemon is ready may read this.
    await writeSecret(paths.info, `${JSON.stringify({ pid: process.pid, endpoint: loopback.url, version: versionInfo().gitVersion })}\n`);
    const socket = await listenOnSocket({ handle, log, clock, socketPath: paths.socket });
    stops.push(() => socket.close());
    progress.started = true;
    log.info('ready', { endpoint: loopback.url, home: paths.home });
    return { url: loopback.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function hasServices(store: Store): boolean {
  const prefix = storagePrefix(SERVICES as Resource, '');
  return store.peekAll(prefix).some(({ key }) => !OWN_SERVICES.has(key.slice(prefix.length)));
}

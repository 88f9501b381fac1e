// Where a home keeps its things.
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export interface HomePaths {
  readonly home: string;
  readonly database: string;
  readonly socket: string;
  readonly kubeconfig: string;
  readonly pki: string;
  readonly log: string;
  readonly pods: string;
  /** A folder a PersistentVolume. */
  readonly volumes: string;
  readonly attempts: string;
  /** Seccomp profiles of the user's, for Pods that name one. */
  readonly seccomp: string;
  /** What `minik start` was told to hold to. */
  readonly settings: string;
  /** Which Service addresses this home has. */
  readonly network: string;
  readonly lock: string;
  /** Written when the daemon is ready: pid, version, endpoint. */
  readonly info: string;
}

export function homePaths(env: Readonly<Record<string, string | undefined>>): HomePaths {
  const home = resolve(env['MINIK_HOME'] ?? join(homedir(), '.minik'));
  return {
    home,
    database: join(home, 'state.db'),
    socket: join(home, 'minik.sock'),
    kubeconfig: join(home, 'kubeconfig'),
    pki: join(home, 'pki'),
    log: join(home, 'daemon.log'),
    pods: join(home, 'pods'),
    volumes: join(home, 'volumes'),
    attempts: join(home, 'attempts'),
    seccomp: join(home, 'seccomp'),
    settings: join(home, 'settings.json'),
    network: join(home, 'network.json'),
    lock: join(home, 'daemon.lock'),
    info: join(home, 'daemon.json'),
  };
}

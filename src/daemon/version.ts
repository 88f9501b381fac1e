// Which Kubernetes the API follows, and which minik serves it.
import type { VersionInfo } from '../apiserver/server-info.ts';

/** The minor version whose behaviour, fields and texts are followed. */
export const KUBERNETES_VERSION = '1.35.0';
export const GIT_VERSION = `v${KUBERNETES_VERSION}+minik`;

export function versionInfo(): VersionInfo {
  const [major, minor] = KUBERNETES_VERSION.split('.') as [string, string, string];
  return {
    major,
    minor,
    gitVersion: GIT_VERSION,
    gitCommit: 'unknown',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: `node${process.versions.node}`,
    compiler: 'v8',
    platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
  };
}

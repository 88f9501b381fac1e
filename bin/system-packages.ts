// Installs packages of Debian and Ubuntu, silently where that works.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Refreshes the lists of packages only when the first try fails. False when they cannot be installed: apt-get has said why. */
export function aptInstall(packages: readonly string[]): boolean {
  const apt = (args: readonly string[], stderr: 'ignore' | 'inherit'): boolean =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', stderr],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
  if (apt(install, 'ignore')) return true;
  apt(['update', '-qq'], 'inherit');
  return apt(install, 'inherit');
}

/** On the path, or in one of the folders that only root's path has. */
export function hasProgram(name: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin'];
  return folders.some((folder) => existsSync(`${folder}/${name}`));
}

// The sandbox image, made in memory as an archive that the engine can load: no registry is asked for it.
import { createHash } from 'node:crypto';
import { pauseProgram, type PauseArchitecture } from './pause-elf.ts';
import { writeTar } from './tar.ts';

export const PAUSE_REFERENCE = 'minik.dev/pause:1';

/** The architecture as images name it; undefined where minik has no pause program for it. */
export function pauseArchitecture(machine: string): PauseArchitecture | undefined {
  switch (machine) {
    case 'x86_64':
    case 'amd64':
      return 'amd64';
    case 'aarch64':
    case 'arm64':
      return 'arm64';
    default:
      return undefined;
  }
}

export function pauseImageArchive(architecture: PauseArchitecture): Uint8Array {
  const layer = writeTar([{ type: 'file', name: 'pause', data: pauseProgram(architecture), mode: 0o755 }]);
  const config = jsonBytes({
    architecture,
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    config: { Entrypoint: ['/pause'], User: '65535:65535', Labels: { 'minik.dev/image': 'pause' } },
    rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] },
    history: [{ created: '1970-01-01T00:00:00Z', created_by: 'minik' }],
  });
  const configName = `${sha256(config)}.json`;
  const manifest = jsonBytes([{ Config: configName, RepoTags: [PAUSE_REFERENCE], Layers: ['layer.tar'] }]);
  return writeTar([
    { type: 'file', name: configName, data: config, mode: 0o644 },
    { type: 'file', name: 'layer.tar', data: layer, mode: 0o644 },
    { type: 'file', name: 'manifest.json', data: manifest, mode: 0o644 },
  ]);
}

function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

// pure: the files of ConfigMap, Secret, downward API and projected volumes: path -> bytes and mode.
import type { ConfigMap, DownwardAPIVolumeFile, KeyToPath, Secret, ServiceAccountTokenProjection, Volume, VolumeProjection } from '../../api/generated/types.ts';
import { ConfigError, configMapBytes, secretBytes, type ConfigObjects } from '../config-objects.ts';
import { fieldValue, resourceValue, type PodFacts } from '../downward-api.ts';
import { missing } from '../env.ts';
import type { PodTokens } from '../tokens/token-source.ts';
import { fileUserOf } from './file-user.ts';

export interface VolumeFile {
  readonly bytes: Uint8Array;
  readonly mode: number;
  /** Whom it belongs to; absent: to whoever writes it. */
  readonly user?: number;
}

export type VolumeFiles = ReadonlyMap<string, VolumeFile>;

export interface ContentSources {
  readonly facts: PodFacts;
  readonly config: ConfigObjects;
  readonly tokens: Pick<PodTokens, 'text'>;
}

const DEFAULT_MODE = 0o644;
const OWNERS_MODE = 0o600;

/** Undefined for a volume that is not made of files from the API. Throws ConfigError when a part is missing. */
export function volumeContent(volume: Volume, sources: ContentSources): VolumeFiles | undefined {
  const { configMap, secret, downwardAPI, projected } = volume;
  if (configMap !== undefined) return configMapFiles(configMap, configMap.defaultMode, sources);
  if (secret !== undefined) return secretFiles({ ...secret, name: secret.secretName }, secret.defaultMode, sources);
  if (downwardAPI !== undefined) return downwardFiles(downwardAPI.items ?? [], downwardAPI.defaultMode, sources);
  if (projected === undefined) return undefined;
  // Later sources win, as upstream's do.
  return new Map((projected.sources ?? []).flatMap((source) => [...projectedFiles(source, projected.defaultMode, sources)]));
}

function projectedFiles(source: VolumeProjection, mode: number | undefined, sources: ContentSources): VolumeFiles {
  if (source.configMap !== undefined) return configMapFiles(source.configMap, mode, sources);
  if (source.secret !== undefined) return secretFiles(source.secret, mode, sources);
  if (source.downwardAPI !== undefined) return downwardFiles(source.downwardAPI.items ?? [], mode, sources);
  if (source.serviceAccountToken !== undefined) return tokenFile(source.serviceAccountToken, mode, sources);
  const kind = Object.keys(source)[0] ?? 'empty';
  throw new ConfigError(`projected volume source ${kind} is not supported here`);
}

/** Where it can be said whose it is, nobody else may read it. */
function tokenFile(projection: ServiceAccountTokenProjection, mode: number | undefined, { facts, tokens }: ContentSources): VolumeFiles {
  const user = fileUserOf(facts.pod);
  const isOwned = user !== undefined || facts.pod.spec?.securityContext?.fsGroup !== undefined;
  const bytes = new TextEncoder().encode(tokens.text(projection));
  return new Map([[projection.path, { bytes, mode: isOwned ? OWNERS_MODE : (mode ?? DEFAULT_MODE), ...(user === undefined ? {} : { user }) }]]);
}

interface Reference {
  readonly name?: string;
  readonly items?: readonly KeyToPath[];
  readonly optional?: boolean;
}

function configMapFiles(reference: Reference, mode: number | undefined, { config }: ContentSources): VolumeFiles {
  const { name = '', optional } = reference;
  const object: ConfigMap | undefined = config.configMap(name) ?? missing(optional, `configmap "${name}" not found`, undefined);
  if (object === undefined) return new Map();
  const keys = [...Object.keys(object.data ?? {}), ...Object.keys(object.binaryData ?? {})];
  return pickedFiles(reference, { keys, mode, read: (key) => configMapBytes(object, key), what: 'configmap references non-existent config key' });
}

function secretFiles(reference: Reference, mode: number | undefined, { config }: ContentSources): VolumeFiles {
  const { name = '', optional } = reference;
  const object: Secret | undefined = config.secret(name) ?? missing(optional, `secret "${name}" not found`, undefined);
  if (object === undefined) return new Map();
  const keys = Object.keys(object.data ?? {});
  return pickedFiles(reference, { keys, mode, read: (key) => secretBytes(object, key), what: 'references non-existent secret key' });
}

interface Picking {
  readonly keys: readonly string[];
  readonly mode: number | undefined;
  readonly read: (key: string) => Uint8Array | undefined;
  readonly what: string;
}

function pickedFiles({ items, optional }: Reference, { keys, mode = DEFAULT_MODE, read, what }: Picking): VolumeFiles {
  const picked: readonly KeyToPath[] = (items ?? []).length > 0 ? items! : keys.map((key) => ({ key, path: key }));
  const files = new Map<string, VolumeFile>();
  for (const { key, path, mode: own } of picked) {
    const bytes = read(key) ?? missing(optional, `${what}: ${key}`, undefined);
    if (bytes !== undefined) files.set(path, { bytes, mode: own ?? mode });
  }
  return files;
}

function downwardFiles(items: readonly DownwardAPIVolumeFile[], mode: number | undefined, { facts }: ContentSources): VolumeFiles {
  return new Map(
    items.map(({ path, fieldRef, resourceFieldRef, mode: own }) => {
      const text = fieldRef !== undefined ? fieldValue(facts, fieldRef) : resourceFieldRef !== undefined ? resourceValue(facts, resourceFieldRef) : '';
      return [path, { bytes: new TextEncoder().encode(text), mode: own ?? mode ?? DEFAULT_MODE }];
    }),
  );
}

// pure: what claims, volumes and classes say of themselves, read the way upstream reads them.
import type { PersistentVolume, PersistentVolumeClaim, Pod, StorageClass, Volume } from '../generated/types.ts';
import { controllerOf } from '../object.ts';
import { BIND_COMPLETED, CLASS_ANNOTATION, DEFAULT_CLASS } from './storage-names.ts';

const BETA_DEFAULT_CLASS = 'storageclass.beta.kubernetes.io/is-default-class';
const SHORT_MODES: readonly (readonly [mode: string, short: string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

/** '' for none. The annotation of old comes first. */
export function className({ metadata, spec }: PersistentVolumeClaim | PersistentVolume): string {
  return metadata?.annotations?.[CLASS_ANNOTATION] ?? spec?.storageClassName ?? '';
}

/** "RWO,RWX" */
export function accessModesText(modes: readonly string[] | undefined): string {
  return SHORT_MODES.filter(([mode]) => modes?.includes(mode) === true).map(([, short]) => short).join(',');
}

export function isDefaultClass({ metadata }: StorageClass): boolean {
  return [DEFAULT_CLASS, BETA_DEFAULT_CLASS].some((name) => metadata?.annotations?.[name] === 'true');
}

/** Of several the newest, then the first by name. */
export function defaultClassOf(classes: readonly StorageClass[]): StorageClass | undefined {
  const created = ({ metadata }: StorageClass): string => metadata?.creationTimestamp ?? '';
  const name = ({ metadata }: StorageClass): string => metadata?.name ?? '';
  return classes.filter(isDefaultClass).sort((a, b) => (created(a) === created(b) ? (name(a) < name(b) ? -1 : 1) : created(a) > created(b) ? -1 : 1))[0];
}

/** A class that has yet to be chosen; '' is the choice of none. */
export function wantsDefaultClass({ metadata, spec }: PersistentVolumeClaim): boolean {
  return spec?.storageClassName === undefined && metadata?.annotations?.[CLASS_ANNOTATION] === undefined;
}

/** The claim that a Pod's volume stands for; undefined for other kinds of volumes. */
export function claimNameOf(pod: Pod, { name, ephemeral, persistentVolumeClaim }: Volume): string | undefined {
  if (persistentVolumeClaim !== undefined) return persistentVolumeClaim.claimName;
  return ephemeral === undefined ? undefined : `${pod.metadata?.name ?? ''}-${name}`;
}

/** Each once. */
export function claimNamesOf(pod: Pod): readonly string[] {
  return [...new Set((pod.spec?.volumes ?? []).flatMap((volume) => claimNameOf(pod, volume) ?? []))];
}

/** An ephemeral volume's claim must have been made for this very Pod. */
export function isClaimForPod(claim: PersistentVolumeClaim, pod: Pod): boolean {
  return controllerOf(claim)?.uid === pod.metadata?.uid;
}

export function isVolumeBoundTo({ spec }: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const { name, namespace, uid } = spec?.claimRef ?? {};
  return name === claim.metadata?.name && namespace === claim.metadata?.namespace && (uid === undefined || uid === '' || uid === claim.metadata?.uid);
}

/** Both sides know of each other, and that is final. */
export function isClaimBound({ metadata, spec }: PersistentVolumeClaim): boolean {
  return (spec?.volumeName ?? '') !== '' && metadata?.annotations?.[BIND_COMPLETED] !== undefined;
}

/** Its class leaves the choice of a volume until a Pod asks for it. */
export function waitsForConsumer(one: StorageClass | undefined): boolean {
  return one?.volumeBindingMode === 'WaitForFirstConsumer';
}

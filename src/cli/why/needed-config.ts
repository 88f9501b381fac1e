// pure: which ConfigMaps, Secrets and keys a Pod needs before its containers can start, and what needs them.
import type { Container, PodSpec, Volume } from '../../api/generated/types.ts';
import type { NeededConfig } from './facts.ts';

export type ConfigNeed = Omit<NeededConfig, 'state'>;

/** Optional references are none: nobody waits for them. */
export function configNeeds(spec: PodSpec | undefined): ConfigNeed[] {
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  return [...containers.flatMap(needsOfContainer), ...(spec?.volumes ?? []).flatMap(needsOfVolume)];
}

function needsOfContainer({ name, env = [], envFrom = [] }: Container): ConfigNeed[] {
  const container = `container ${name}`;
  const whole = envFrom.flatMap(({ configMapRef, secretRef }) => [
    ...need('ConfigMap', configMapRef, { usedBy: `envFrom of ${container}` }),
    ...need('Secret', secretRef, { usedBy: `envFrom of ${container}` }),
  ]);
  const single = env.flatMap(({ name: variable, valueFrom }) => {
    const usedBy = `env ${variable} of ${container}`;
    return [
      ...need('ConfigMap', valueFrom?.configMapKeyRef, { usedBy, key: valueFrom?.configMapKeyRef?.key }),
      ...need('Secret', valueFrom?.secretKeyRef, { usedBy, key: valueFrom?.secretKeyRef?.key }),
    ];
  });
  return [...whole, ...single];
}

function needsOfVolume({ name, configMap, secret, projected }: Volume): ConfigNeed[] {
  const usedBy = `volume ${name}`;
  const sources = [{ configMap, secret: secret === undefined ? undefined : { ...secret, name: secret.secretName } }, ...(projected?.sources ?? [])];
  return sources.flatMap((source) => [...needItems('ConfigMap', source.configMap, usedBy), ...needItems('Secret', source.secret, usedBy)]);
}

interface Reference {
  readonly name?: string;
  readonly optional?: boolean;
  readonly items?: readonly { readonly key: string }[];
}

function needItems(kind: NeededConfig['kind'], source: Reference | undefined, usedBy: string): ConfigNeed[] {
  const keys = source?.items ?? [];
  return keys.length === 0 ? need(kind, source, { usedBy }) : keys.flatMap(({ key }) => need(kind, source, { usedBy, key }));
}

function need(kind: NeededConfig['kind'], source: Reference | undefined, { usedBy, key }: { readonly usedBy: string; readonly key?: string | undefined }): ConfigNeed[] {
  if (source?.name === undefined || source.name === '' || source.optional === true) return [];
  return [{ kind, name: source.name, usedBy, ...(key === undefined ? {} : { key }) }];
}

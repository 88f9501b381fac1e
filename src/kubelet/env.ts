// pure: the environment of a container: envFrom in order, then env, later ones winning; $(VAR) sees what came before.
import type { Container, EnvFromSource, EnvVarSource } from '../api/generated/types.ts';
import { ConfigError, secretBytes, type ConfigObjects } from './config-objects.ts';
import { fieldValue, resourceValue, type PodFacts } from './downward-api.ts';
import { expand } from './expansion.ts';

export interface EnvSources {
  readonly facts: PodFacts;
  readonly config: ConfigObjects;
  /** Variables that come before all others: addresses of Services. */
  readonly serviceEnv: readonly (readonly [name: string, value: string])[];
}

export function containerEnv(container: Container, sources: EnvSources): ReadonlyMap<string, string> {
  const env = new Map(sources.serviceEnv);
  for (const source of container.envFrom ?? []) for (const [name, value] of variablesFrom(source, sources)) env.set(name, value);
  for (const { name, value = '', valueFrom } of container.env ?? []) {
    const found = valueFrom === undefined ? expand(value, (other) => env.get(other)) : valueOf(valueFrom, container, sources);
    if (found !== undefined) env.set(name, found);
  }
  return env;
}

function variablesFrom({ prefix = '', configMapRef, secretRef }: EnvFromSource, { config }: EnvSources): [string, string][] {
  if (configMapRef !== undefined) {
    const name = configMapRef.name ?? '';
    const data = config.configMap(name);
    if (data === undefined) return missing(configMapRef.optional, `configmap "${name}" not found`, []);
    return Object.entries(data.data ?? {}).map(([key, value]) => [prefix + key, value]);
  }
  if (secretRef !== undefined) {
    const name = secretRef.name ?? '';
    const secret = config.secret(name);
    if (secret === undefined) return missing(secretRef.optional, `secret "${name}" not found`, []);
    return Object.keys(secret.data ?? {}).map((key) => [prefix + key, text(secretBytes(secret, key))]);
  }
  return [];
}

/** Undefined: an optional source that is not there leaves the variable unset. */
function valueOf(from: EnvVarSource, container: Container, sources: EnvSources): string | undefined {
  const { facts, config } = sources;
  const namespace = facts.pod.metadata?.namespace ?? '';
  if (from.fieldRef !== undefined) return fieldValue(facts, from.fieldRef);
  if (from.resourceFieldRef !== undefined) return resourceValue(facts, from.resourceFieldRef, container);
  if (from.configMapKeyRef !== undefined) {
    const { name = '', key, optional } = from.configMapKeyRef;
    const object = config.configMap(name);
    if (object === undefined) return missing(optional, `configmap "${name}" not found`, undefined);
    return object.data?.[key] ?? missing(optional, `couldn't find key ${key} in ConfigMap ${namespace}/${name}`, undefined);
  }
  if (from.secretKeyRef !== undefined) {
    const { name = '', key, optional } = from.secretKeyRef;
    const object = config.secret(name);
    if (object === undefined) return missing(optional, `secret "${name}" not found`, undefined);
    const bytes = secretBytes(object, key);
    return bytes === undefined ? missing(optional, `couldn't find key ${key} in Secret ${namespace}/${name}`, undefined) : text(bytes);
  }
  throw new ConfigError('this source of an environment variable is not supported');
}

export function missing<Value>(optional: boolean | undefined, message: string, otherwise: Value): Value {
  if (optional === true) return otherwise;
  throw new ConfigError(message);
}

function text(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}


// pure: a Job with other environment variables or arguments than its template has.
import type { Container, EnvVar, Job, PodSpec } from '../../api/generated/types.ts';
import { UsageError } from '../context.ts';

export interface Overrides {
  /** "NAME=VALUE"; they win over the template's, and over those of envFrom. */
  readonly env: readonly string[];
  /** Absent: every container, init containers too. */
  readonly container?: string;
  /** Empty: as the template has them. */
  readonly args: readonly string[];
}

export function overrideJob(job: Job, overrides: Overrides): Job {
  const spec = job.spec?.template.spec;
  if (spec === undefined) return job;
  const env = overrides.env.map(parseVariable);
  requireContainer(spec, overrides.container);
  const forArgs = overrides.args.length === 0 ? undefined : (overrides.container ?? onlyContainer(spec));
  const change = (container: Container): Container => ({
    ...container,
    ...(env.length > 0 && (overrides.container ?? container.name) === container.name ? { env: withVariables(container.env ?? [], env) } : {}),
    ...(container.name === forArgs ? { args: [...overrides.args] } : {}),
  });
  const changed: PodSpec = {
    ...spec,
    ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(change) }),
    containers: spec.containers.map(change),
  };
  return { ...job, spec: { ...job.spec!, template: { ...job.spec!.template, spec: changed } } };
}

function parseVariable(text: string): EnvVar {
  const equals = text.indexOf('=');
  if (equals <= 0) throw new UsageError(`invalid --env ${JSON.stringify(text)}: it must be NAME=VALUE`);
  return { name: text.slice(0, equals), value: text.slice(equals + 1) };
}

function requireContainer(spec: PodSpec, name: string | undefined): void {
  const names = [...(spec.initContainers ?? []), ...spec.containers].map((container) => container.name);
  if (name !== undefined && !names.includes(name)) throw new UsageError(`--container ${name}: there is no such container, only ${names.join(', ')}`);
}

function onlyContainer({ containers }: PodSpec): string {
  if (containers.length === 1) return containers[0]!.name;
  throw new UsageError(`which container the arguments are for must be said with -c: ${containers.map(({ name }) => name).join(', ')}`);
}

/** In the place of the variable of the same name: later ones may refer to it. Of two of a name the last one counts. */
function withVariables(before: readonly EnvVar[], given: readonly EnvVar[]): EnvVar[] {
  const byName = new Map(given.map((variable) => [variable.name, variable]));
  const known = new Set(before.map(({ name }) => name));
  return [...before.map((variable) => byName.get(variable.name) ?? variable), ...[...byName.values()].filter(({ name }) => !known.has(name))];
}

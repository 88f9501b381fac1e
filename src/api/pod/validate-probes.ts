// pure: what probes and lifecycle hooks must be.
import { checkPortName, checkPortNumber } from '../dns-name.ts';
import { child, forbidden, invalid, required, type FieldError } from '../field-errors.ts';
import { named, notNegative, oneOf } from '../field-rules.ts';
import type { Container, ExecAction, GRPCAction, HTTPGetAction, LifecycleHandler, Probe, SleepAction, TCPSocketAction } from '../generated/types.ts';

const COUNTERS = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'] as const;

interface Grace {
  /** The Pod's terminationGracePeriodSeconds: a preStop sleep must fit into it. */
  readonly graceSeconds: number | undefined;
}

export function validateProbes(container: Container, path: string, grace: Grace): FieldError[] {
  const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
  const hooks = child(path, 'lifecycle');
  return [
    ...(lifecycle?.postStart === undefined ? [] : validateHandler(lifecycle.postStart, child(hooks, 'postStart'), grace)),
    ...(lifecycle?.preStop === undefined ? [] : validateHandler(lifecycle.preStop, child(hooks, 'preStop'), grace)),
    ...validateProbe(livenessProbe, child(path, 'livenessProbe'), { ...grace, isReadiness: false }),
    ...validateProbe(readinessProbe, child(path, 'readinessProbe'), { ...grace, isReadiness: true }),
    ...validateProbe(startupProbe, child(path, 'startupProbe'), { ...grace, isReadiness: false }),
  ];
}

function validateProbe(probe: Probe | undefined, path: string, rule: Grace & { readonly isReadiness: boolean }): FieldError[] {
  if (probe === undefined) return [];
  const { successThreshold = 1, terminationGracePeriodSeconds } = probe;
  const gracePath = child(path, 'terminationGracePeriodSeconds');
  return [
    ...validateHandler(probe, path, rule),
    ...COUNTERS.flatMap((name) => notNegative(probe[name], child(path, name))),
    ...(terminationGracePeriodSeconds !== undefined && terminationGracePeriodSeconds <= 0 ? [invalid(gracePath, terminationGracePeriodSeconds, 'must be greater than 0')] : []),
    ...(!rule.isReadiness && successThreshold !== 1 ? [invalid(child(path, 'successThreshold'), successThreshold, 'must be 1')] : []),
    ...(rule.isReadiness && terminationGracePeriodSeconds !== undefined ? [invalid(gracePath, terminationGracePeriodSeconds, 'must not be set for readinessProbes')] : []),
  ];
}

interface Handler {
  readonly exec?: ExecAction;
  readonly httpGet?: HTTPGetAction;
  readonly tcpSocket?: TCPSocketAction;
  readonly grpc?: GRPCAction;
  readonly sleep?: SleepAction;
}

/** Exactly one; the first is judged, the others are too many. */
function validateHandler(handler: LifecycleHandler | Probe, path: string, { graceSeconds }: Grace): FieldError[] {
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler as Handler;
  const given = [
    ...(exec === undefined ? [] : [{ name: 'exec', errors: (exec.command ?? []).length === 0 ? [required(child(path, 'exec.command'))] : [] }]),
    ...(httpGet === undefined ? [] : [{ name: 'httpGet', errors: validateHttpGet(httpGet, child(path, 'httpGet')) }]),
    ...(tcpSocket === undefined ? [] : [{ name: 'tcpSocket', errors: validatePort(tcpSocket.port, child(path, 'tcpSocket.port')) }]),
    ...(grpc === undefined ? [] : [{ name: 'grpc', errors: validatePort(grpc.port, child(path, 'grpc.port')) }]),
    ...(sleep === undefined ? [] : [{ name: 'sleep', errors: validateSleep(sleep, child(path, 'sleep'), graceSeconds) }]),
  ];
  const [first, ...more] = given;
  if (first === undefined) return [required(path, 'must specify a handler type')];
  return [...first.errors, ...more.map(({ name }) => forbidden(child(path, name), 'may not specify more than 1 handler type'))];
}

function validateHttpGet({ path: urlPath, port, scheme, httpHeaders = [] }: HTTPGetAction, path: string): FieldError[] {
  return [
    ...((urlPath ?? '') === '' ? [required(child(path, 'path'))] : []),
    ...validatePort(port, child(path, 'port')),
    ...oneOf(scheme, ['HTTP', 'HTTPS'], child(path, 'scheme')),
    ...httpHeaders.flatMap(({ name = '' }) => named(name, checkHeaderName, child(path, 'httpHeaders'))),
  ];
}

const HEADER_NAME = '[-A-Za-z0-9]+';

function checkHeaderName(name: string): string[] {
  return new RegExp(`^${HEADER_NAME}$`).test(name)
    ? []
    : [`a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '${HEADER_NAME}')`];
}

function validatePort(port: number | string | undefined, field: string): FieldError[] {
  if (typeof port === 'string') return named(port, checkPortName, field);
  return checkPortNumber(port ?? 0).map((problem) => invalid(field, port ?? 0, problem));
}

function validateSleep({ seconds = 0 }: SleepAction, field: string, graceSeconds: number | undefined): FieldError[] {
  if (graceSeconds === undefined || (seconds >= 0 && seconds <= graceSeconds)) return [];
  return [invalid(field, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`)];
}

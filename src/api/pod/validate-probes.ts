// pure: what probes and lifecycle hooks must be.
import { checkPortName } from '../dns-name.ts';
import { child, forbidden, invalid, required, type FieldError } from '../field-errors.ts';
import type { Container, LifecycleHandler, Probe } from '../generated/types.ts';

const COUNTERS = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'] as const;
const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const;

export function validateProbes(container: Container, path: string): FieldError[] {
  const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
  return [
    ...validateProbe(livenessProbe, child(path, 'livenessProbe'), true),
    ...validateProbe(readinessProbe, child(path, 'readinessProbe'), false),
    ...validateProbe(startupProbe, child(path, 'startupProbe'), true),
    ...(lifecycle?.postStart === undefined ? [] : validateHandler(lifecycle.postStart, child(child(path, 'lifecycle'), 'postStart'))),
    ...(lifecycle?.preStop === undefined ? [] : validateHandler(lifecycle.preStop, child(child(path, 'lifecycle'), 'preStop'))),
  ];
}

function validateProbe(probe: Probe | undefined, path: string, onceOnly: boolean): FieldError[] {
  if (probe === undefined) return [];
  return [
    ...validateHandler(probe, path),
    ...COUNTERS.flatMap((name) => ((probe[name] ?? 0) < 0 ? [invalid(child(path, name), probe[name], 'must be greater than or equal to 0')] : [])),
    ...(onceOnly && (probe.successThreshold ?? 1) !== 1 ? [invalid(child(path, 'successThreshold'), probe.successThreshold, 'must be 1')] : []),
    ...((probe.terminationGracePeriodSeconds ?? 1) <= 0 ? [invalid(child(path, 'terminationGracePeriodSeconds'), probe.terminationGracePeriodSeconds, 'must be greater than 0')] : []),
    ...(!onceOnly && probe.terminationGracePeriodSeconds !== undefined ? [invalid(child(path, 'terminationGracePeriodSeconds'), probe.terminationGracePeriodSeconds, 'must not be set for readinessProbes')] : []),
  ];
}

function validateHandler(handler: Probe | LifecycleHandler, path: string): FieldError[] {
  const given = HANDLERS.filter((name) => (handler as Record<string, unknown>)[name] !== undefined);
  const { exec, httpGet, tcpSocket } = handler;
  return [
    ...(given.length === 0 ? [required(path, 'must specify a handler type')] : []),
    ...given.slice(1).map((name) => forbidden(child(path, name), 'may not specify more than 1 handler type')),
    ...(exec !== undefined && (exec.command ?? []).length === 0 ? [required(child(child(path, 'exec'), 'command'))] : []),
    ...(httpGet === undefined ? [] : validatePort(httpGet.port, child(child(path, 'httpGet'), 'port'))),
    ...(tcpSocket === undefined ? [] : validatePort(tcpSocket.port, child(child(path, 'tcpSocket'), 'port'))),
  ];
}

function validatePort(port: number | string | undefined, field: string): FieldError[] {
  if (typeof port === 'string') return checkPortName(port).map((problem) => invalid(field, port, problem));
  return port !== undefined && port >= 1 && port <= 65535 ? [] : [invalid(field, port ?? 0, 'must be between 1 and 65535, inclusive')];
}

// pure: what the ports of a Service must be.
import { checkLabel, checkPortName, checkPortNumber, checkQualifiedName } from '../dns-name.ts';
import { child, duplicate, forbidden, invalid, required, type FieldError } from '../field-errors.ts';
import { eachItem, named, oneOf, optionalName } from '../field-rules.ts';
import type { ServicePort, ServiceSpec } from '../generated/types.ts';
import { isHeadless } from './service-facts.ts';

export const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const PATH = 'spec.ports';

export function validateServicePorts(spec: ServiceSpec): FieldError[] {
  const ports = spec.ports ?? [];
  const mayHaveNone = isHeadless(spec) || spec.type === 'ExternalName';
  return [
    ...(ports.length === 0 && !mayHaveNone ? [required(PATH)] : []),
    ...eachItem(ports, PATH, (port, at, row) => validatePort(port, at, { named: ports.length > 1, earlier: ports.slice(0, row) })),
    ...(spec.type === 'ClusterIP' ? eachItem(ports, PATH, ({ nodePort }, at) => (nodePort ? [forbidden(child(at, 'nodePort'), "may not be used when `type` is 'ClusterIP'")] : [])) : []),
    ...eachItem(ports, PATH, ({ protocol, nodePort }, at, row) => {
      const again = nodePort && ports.slice(0, row).some((other) => other.protocol === protocol && other.nodePort === nodePort);
      return again ? [duplicate(child(at, 'nodePort'), nodePort)] : [];
    }),
    ...eachItem(ports, PATH, (port, at, row) => (ports.slice(0, row).some((other) => other.protocol === port.protocol && other.port === port.port) ? [duplicate(at, shownPort(port))] : [])),
  ];
}

function validatePort(port: ServicePort, path: string, { named: mustBeNamed, earlier }: { readonly named: boolean; readonly earlier: readonly ServicePort[] }): FieldError[] {
  const { name = '' } = port;
  const nameField = child(path, 'name');
  return [
    ...(mustBeNamed && name === '' ? [required(nameField)] : []),
    ...optionalName(name, checkLabel, nameField),
    ...(name !== '' && earlier.some((other) => other.name === name) ? [duplicate(nameField, name)] : []),
    ...validatePortNumber(port.port, child(path, 'port')),
    ...oneOf(port.protocol, PROTOCOLS, child(path, 'protocol')),
    ...validatePortNumberOrName(port.targetPort, child(path, 'targetPort')),
    ...optionalName(port.appProtocol, checkQualifiedName, child(path, 'appProtocol')),
  ];
}

export function validatePortNumber(port: number | undefined, field: string): FieldError[] {
  return checkPortNumber(port ?? 0).map((problem) => invalid(field, port ?? 0, problem));
}

export function validatePortNumberOrName(port: number | string | undefined, field: string): FieldError[] {
  if (typeof port !== 'string') return validatePortNumber(port, field);
  return port === '' ? [required(field)] : named(port, checkPortName, field);
}

/** As upstream shows a port that is there twice. */
function shownPort({ protocol = '', port }: ServicePort): object {
  return { Name: '', Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 };
}

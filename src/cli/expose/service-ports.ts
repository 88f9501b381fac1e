// pure: ports of a Service as kubectl's flags write them.
import { checkPortName } from '../../api/dns-name.ts';
import { UsageError } from '../context.ts';

export interface PortPair {
  readonly port: number;
  readonly targetPort: number | string;
}

const MAX_PORT = 65_535;

/** "80", "5678:8080", "80:http". Throws UsageError in kubectl's words. */
export function parsePortPair(text: string): PortPair {
  const [first = '', second] = text.split(':');
  if (!/^\d+$/.test(first)) throw new UsageError(`strconv.ParseUint: parsing ${JSON.stringify(first)}: invalid syntax`);
  const port = Number(first);
  if (port > MAX_PORT) throw new UsageError(`strconv.ParseUint: parsing ${JSON.stringify(first)}: value out of range`);
  if (second === undefined) return { port, targetPort: port };
  if (!/^[-+]?\d+$/.test(second)) {
    const problems = checkPortName(second);
    if (problems.length > 0) throw new UsageError(problems.join(','));
    return { port, targetPort: second };
  }
  const targetPort = Number(second);
  if (targetPort < 1 || targetPort > MAX_PORT) throw new UsageError(`must be between 1 and ${MAX_PORT}, inclusive`);
  return { port, targetPort };
}

/** A number, or the name of a port of the Pods. */
export function targetPortOf(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}

// Questions to one DNS server, answered as lines of text.
import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';

export type LookUp =
  | { readonly found: true; readonly records: readonly FoundRecord[] }
  /** `why`: "no such name", "no answer", ... ; `isAnswer`: the server was there to say so. */
  | { readonly found: false; readonly why: string; readonly isAnswer: boolean };

export interface FoundRecord {
  readonly text: string;
  /** '' where the record is none of an address. */
  readonly ip: string;
}

export interface DnsServerClient {
  lookUp(name: string, type: string): Promise<LookUp>;
}

export const RECORD_TYPES = ['A', 'AAAA', 'CNAME', 'SRV', 'PTR', 'TXT'] as const;

const TIMEOUT_MS = 2_000;
const TRIES = 2;
const REASONS: Readonly<Record<string, readonly [why: string, isAnswer: boolean]>> = {
  ENOTFOUND: ['no such name', true],
  ENODATA: ['nothing of this type', true],
  ESERVFAIL: ['the server failed', true],
  EREFUSED: ['the server refused', true],
  ETIMEOUT: ['no answer', false],
  ECONNREFUSED: ['nobody listens there', false],
};

export function dnsServer(address: string): DnsServerClient {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  resolver.setServers([address]);
  return { lookUp: (name, type) => lookUp(resolver, name, type) };
}

async function lookUp(resolver: Resolver, name: string, type: string): Promise<LookUp> {
  try {
    return { found: true, records: await records(resolver, name, type) };
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const [why, isAnswer] = REASONS[code] ?? [message, false];
    return { found: false, why, isAnswer };
  }
}

async function records(resolver: Resolver, name: string, type: string): Promise<readonly FoundRecord[]> {
  if (isIP(name) !== 0) return (await resolver.reverse(name)).map(plain);
  switch (type) {
    case 'SRV':
      return (await resolver.resolveSrv(name)).map((record) => plain(`${record.name} port ${record.port}, priority ${record.priority}, weight ${record.weight}`));
    case 'TXT':
      return (await resolver.resolveTxt(name)).map((parts) => plain(parts.join('')));
    case 'CNAME':
      return (await resolver.resolveCname(name)).map(plain);
    case 'PTR':
      return (await resolver.resolvePtr(name)).map(plain);
    case 'AAAA':
      return (await resolver.resolve6(name)).map(address);
    default:
      return (await resolver.resolve4(name)).map(address);
  }
}

function plain(text: string): FoundRecord {
  return { text, ip: '' };
}

function address(ip: string): FoundRecord {
  return { text: ip, ip };
}

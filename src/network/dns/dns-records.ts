// What is asked of the cluster's DNS and what it answers, apart from how that looks on the wire.

export interface DnsQuestion {
  /** As the client wrote it, upper case and all, without the final dot. */
  readonly name: string;
  /** "A", "SRV", ... */
  readonly type: string;
}

interface Owned {
  readonly name: string;
  /** Seconds. */
  readonly ttl: number;
}

export interface AddressRecord extends Owned {
  readonly type: 'A' | 'AAAA';
  readonly data: string;
}

export interface NameRecord extends Owned {
  readonly type: 'CNAME' | 'PTR' | 'NS';
  readonly data: string;
}

export interface TextRecord extends Owned {
  readonly type: 'TXT';
  readonly data: string;
}

export interface ServerRecord extends Owned {
  readonly type: 'SRV';
  readonly data: { readonly priority: number; readonly weight: number; readonly port: number; readonly target: string };
}

export interface AuthorityRecord extends Owned {
  readonly type: 'SOA';
  readonly data: {
    readonly mname: string;
    readonly rname: string;
    readonly serial: number;
    readonly refresh: number;
    readonly retry: number;
    readonly expire: number;
    readonly minimum: number;
  };
}

export type DnsRecord = AddressRecord | NameRecord | TextRecord | ServerRecord | AuthorityRecord;

export interface DnsAnswer {
  readonly code: 'NOERROR' | 'NXDOMAIN';
  readonly answers: readonly DnsRecord[];
  /** The zone's SOA where there is nothing to answer. */
  readonly authorities: readonly DnsRecord[];
  /** Addresses of the names that the answers point to. */
  readonly additionals: readonly DnsRecord[];
  /** A name outside of the cluster that the last CNAME leads to: whoever knows it goes on there. */
  readonly goOnAt?: string;
}

// One request on its way through the server: what it asks for, and what answers it may use.
import type { Clock } from '../base/clock.ts';
import type { Ids } from '../base/ids.ts';
import type { Logger } from '../base/log.ts';
import type { Resource } from '../api/kinds.ts';
import type { KubeObject } from '../api/object.ts';
import type { ApiRequest, ApiResponse } from '../api/wire.ts';
import type { Store } from '../store/store.ts';
import type { TokenKeys } from './account/token-keys.ts';
import type { ServiceAddresses } from './allocation/service-addresses.ts';
import type { Strategy } from './strategies/strategy.ts';

export interface ServerContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
  readonly addresses: ServiceAddresses;
  /** Signs and reads tokens of ServiceAccounts. */
  readonly keys: TokenKeys;
  /** Why NetworkPolicies are not enforced, in words for people; undefined: they are. Absent: nobody can tell. */
  readonly policyProblem?: () => Promise<string | undefined>;
}

export interface Call {
  readonly server: ServerContext;
  readonly request: ApiRequest;
  readonly resource: Resource;
  readonly strategy: Strategy<KubeObject>;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
  /** Texts for Warning headers; verbs add to it. */
  readonly warnings: string[];
}

export type Verb = (call: Call) => Promise<ApiResponse>;

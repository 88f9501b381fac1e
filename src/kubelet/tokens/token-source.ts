// Tokens for the volumes of Pods: asked for once, kept while they are good, and asked for anew before they end. Kept in
// memory only: after a restart Pods get new ones.
import type { Pod, ServiceAccountTokenProjection, TokenRequest } from '../../api/generated/types.ts';
import { SERVICE_ACCOUNTS, type Resource } from '../../api/kinds.ts';
import { StatusError } from '../../api/status-error.ts';
import type { Clock } from '../../base/clock.ts';
import type { Client } from '../../client/client.ts';
import { ConfigError } from '../config-objects.ts';
import { refreshTime, tokenKey, tokenRequest, tokensOf, type WantedToken } from './plan-token.ts';

export interface PodTokens {
  text(projection: ServiceAccountTokenProjection): string;
  /** When the first of them is to be replaced; undefined when there is none. */
  readonly refreshAt: number | undefined;
}

interface HeldToken {
  readonly text: string;
  readonly refreshAt: number;
}

export class TokenSource {
  readonly #client: Client;
  readonly #clock: Clock;
  /** By uid of the Pod, then by what was asked for. */
  readonly #held = new Map<string, ReadonlyMap<string, HeldToken>>();

  constructor({ client, clock }: { readonly client: Client; readonly clock: Clock }) {
    this.#client = client;
    this.#clock = clock;
  }

  /** Throws ConfigError where the API refuses one. */
  async load(pod: Pod): Promise<PodTokens> {
    const uid = pod.metadata?.uid ?? '';
    const before = this.#held.get(uid);
    const tokens = new Map<string, HeldToken>();
    for (const wanted of tokensOf(pod)) {
      const key = tokenKey(wanted.projection);
      if (!tokens.has(key)) tokens.set(key, this.#stillGood(before?.get(key)) ?? (await this.#request(pod, wanted)));
    }
    if (tokens.size > 0) this.#held.set(uid, tokens);
    return {
      text: (projection) => tokens.get(tokenKey(projection))?.text ?? '',
      refreshAt: tokens.size === 0 ? undefined : Math.min(...[...tokens.values()].map(({ refreshAt }) => refreshAt)),
    };
  }

  forget(podUid: string): void {
    this.#held.delete(podUid);
  }

  #stillGood(held: HeldToken | undefined): HeldToken | undefined {
    return held !== undefined && this.#clock.now() < held.refreshAt ? held : undefined;
  }

  async #request(pod: Pod, { volume, projection }: WantedToken): Promise<HeldToken> {
    const name = pod.spec?.serviceAccountName ?? '';
    const namespace = pod.metadata?.namespace ?? '';
    try {
      const request = { ...tokenRequest(pod, projection), metadata: { namespace } };
      const answer = await this.#client.create(SERVICE_ACCOUNTS as Resource<TokenRequest>, request, { subresource: 'token', name });
      return { text: answer.status?.token ?? '', refreshAt: refreshTime(answer, this.#clock.now()) };
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      throw new ConfigError(`MountVolume.SetUp failed for volume "${volume}" : failed to fetch token: ${error.message}`);
    }
  }
}

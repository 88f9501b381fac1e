// Fills Secrets of type service-account-token, for programs that want a token that stays; removes those without an account.
import { ACCOUNT_UID_ANNOTATION } from '../../api/account/account-names.ts';
import type { Secret, ServiceAccount } from '../../api/generated/types.ts';
import { SECRETS, SERVICE_ACCOUNTS } from '../../api/kinds.ts';
import { keyOf, objectKey } from '../../api/object.ts';
import { isConflict, isNotFound } from '../../api/status-error.ts';
import type { Client } from '../../client/client.ts';
import type { Informer } from '../../client/informer-contract.ts';
import type { Controller } from '../runtime/controller.ts';
import { execute, type Executors } from '../runtime/executor.ts';
import { accountNameOf, asksForToken, planTokenSecret, type TokenSecretAction } from './plan-token-secret.ts';

export interface TokenSecretOptions {
  readonly client: Client;
  readonly secrets: Informer<Secret>;
  readonly accounts: Informer<ServiceAccount>;
  /** PEM. */
  readonly rootCa: string;
  /** A token of the account that lasts as long as the Secret of that name holds it. */
  readonly issue: (account: ServiceAccount, secretName: string) => string;
}

export function createTokenSecretController(options: TokenSecretOptions): Controller {
  const { client, secrets, accounts } = options;
  const rootCa = btoa(options.rootCa);
  return {
    name: 'service-account-token',
    connect(enqueue) {
      const ofAccount = (key: string): void => {
        for (const secret of secrets.list()) if (asksForToken(secret) && accountKey(secret) === key) enqueue(keyOf(secret));
      };
      const stops = [
        secrets.onChange(({ key, after }) => {
          if (after !== undefined && asksForToken(after)) enqueue(key);
        }),
        accounts.onChange(({ key, before, after }) => {
          if (before?.metadata?.uid !== after?.metadata?.uid) ofAccount(key);
        }),
      ];
      for (const secret of secrets.list()) if (asksForToken(secret)) enqueue(keyOf(secret));
      return () => stops.forEach((stop) => stop());
    },
    async reconcile(key) {
      const secret = secrets.get(key);
      if (secret === undefined) return {};
      const account = accounts.get(accountKey(secret)) ?? (await findAccount(client, secret));
      await execute(planTokenSecret(secret, account, rootCa), executors, { ...options, rootCa });
      return {};
    },
  };
}

const executors: Executors<TokenSecretAction, TokenSecretOptions> = {
  async fill({ secret, account }, { client, issue, rootCa, secrets }) {
    const { name = '', namespace = '', annotations } = secret.metadata ?? {};
    const data = { ...secret.data, 'ca.crt': rootCa, namespace: btoa(namespace), token: btoa(issue(account, name)) };
    const filled = { ...secret, metadata: { ...secret.metadata, annotations: { ...annotations, [ACCOUNT_UID_ANNOTATION]: account.metadata?.uid ?? '' } }, data };
    secrets.observe(await client.update(SECRETS, filled));
  },
  async delete({ secret }, { client }) {
    const { name = '', namespace = '', uid = '' } = secret.metadata ?? {};
    await client.delete(SECRETS, { name, namespace }, { preconditions: { uid } }).catch((error: unknown) => {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    });
  },
};

function accountKey(secret: Secret): string {
  return objectKey({ namespace: secret.metadata?.namespace ?? '', name: accountNameOf(secret) });
}

/** The informer may not have heard of an account that was made together with its Secret. */
async function findAccount(client: Client, secret: Secret): Promise<ServiceAccount | undefined> {
  const name = accountNameOf(secret);
  if (name === '') return undefined;
  return client.get(SERVICE_ACCOUNTS, { namespace: secret.metadata?.namespace ?? '', name }).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
}

// Who a request over TLS comes from: the kubeconfig's user by the home's own token, or a ServiceAccount by one of its tokens.
import { administrator } from '../api/account/account-names.ts';
import type { UserInfo } from '../api/generated/types.ts';
import { judgeToken, type JudgeOptions } from '../apiserver/account/judge-token.ts';
import { sameSecret } from './pki.ts';

export type Authenticate = (headers: Readonly<Record<string, string | undefined>>) => UserInfo | undefined;

const ADMINISTRATOR = administrator('minik-admin');

export function bearerAuthentication(options: JudgeOptions & { readonly adminToken: string }): Authenticate {
  return (headers) => {
    const token = /^Bearer +(\S+)$/i.exec(headers['authorization'] ?? '')?.[1];
    if (token === undefined) return undefined;
    if (sameSecret(token, options.adminToken)) return ADMINISTRATOR;
    const judgement = judgeToken(options, token);
    return judgement.type === 'accepted' ? judgement.user : undefined;
  };
}

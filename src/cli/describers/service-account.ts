// pure: minik describe serviceaccount.
import type { ServiceAccount } from '../../api/generated/types.ts';
import { metaLines, renderParts } from './describe-text.ts';
import type { Describe } from './describer.ts';
import { eventParts } from './event-lines.ts';

export const describeServiceAccount: Describe<ServiceAccount> = (account, { events, now }) => {
  const { inline, block } = eventParts(events, now);
  const names = (account.imagePullSecrets ?? []).map(({ name }) => name ?? '');
  const secrets = names.length === 0 ? ['Image pull secrets:\t<none>'] : names.map((name, at) => `${at === 0 ? 'Image pull secrets:' : ''}\t${name}`);
  return renderParts([...metaLines(account.metadata), ...secrets, ...inline], block);
};

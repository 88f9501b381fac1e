// pure: minik describe secret: the sizes of the values, never the values.
import type { Secret } from '../../api/generated/types.ts';
import { base64Length } from '../../api/configmap/validate-configmap.ts';
import { metaLines, renderParts } from './describe-text.ts';
import type { Describe } from './describer.ts';

const TOKEN_TYPE = 'kubernetes.io/service-account-token';

export const describeSecret: Describe<Secret> = (secret) => {
  const entries = Object.entries(secret.data ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = entries.map(([name, value]) =>
    name === 'token' && secret.type === TOKEN_TYPE ? `${name}:\t${atob(value)}` : `${name}:\t${base64Length(value)} bytes`,
  );
  return renderParts([...metaLines(secret.metadata), '', `Type:\t${secret.type ?? ''}`, '', 'Data', '====', ...rows]);
};

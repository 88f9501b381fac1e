// pure: the values of Secrets are not for the terminal, nor those that the last applied manifest holds; only that they differ may be seen.
import type { KubeObject } from '../../api/object.ts';
import { withoutLastApplied } from '../apply/last-applied.ts';
import type { ObjectVersions } from './object-versions.ts';

const MASK = '***';

export function maskSecrets({ live, merged }: ObjectVersions): ObjectVersions {
  if (merged.kind !== 'Secret') return { live, merged };
  const [before, after] = [dataOf(live), dataOf(merged)];
  const changed = (key: string): boolean => key in before && key in after && before[key] !== after[key];
  const masked = (object: KubeObject, data: Data, mark: string): KubeObject => ({
    ...withoutLastApplied(object),
    ...(Object.keys(data).length === 0 ? {} : { data: Object.fromEntries(Object.keys(data).map((key) => [key, changed(key) ? `${MASK} ${mark}` : MASK])) }),
  });
  return {
    live: live === undefined ? undefined : masked(live, before, '(before)'),
    merged: masked(merged, after, '(after)'),
  };
}

type Data = Readonly<Record<string, unknown>>;

function dataOf(object: KubeObject | undefined): Data {
  return (object as { readonly data?: Data } | undefined)?.data ?? {};
}

// pure: minik describe configmap.
import type { ConfigMap } from '../../api/generated/types.ts';
import { base64Length } from '../../api/configmap/validate-configmap.ts';
import { metaLines, renderParts } from './describe-text.ts';
import type { Describe } from './describer.ts';
import { eventParts } from './event-lines.ts';

export const describeConfigMap: Describe<ConfigMap> = (map, { events, now }) => {
  const { inline, block } = eventParts(events, now);
  const sorted = (values: Readonly<Record<string, string>> | undefined): [string, string][] => Object.entries(values ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const data = sorted(map.data).map(([name, value]) => `${name}:\n----\n${value}\n\n`);
  const binary = sorted(map.binaryData).map(([name, value]) => `${name}: ${base64Length(value)} bytes\n`);
  // Values are shown as they are: a tab in them is no column.
  return `${renderParts(metaLines(map.metadata))}\nData\n====\n${data.join('')}\nBinaryData\n====\n${binary.join('')}\n${renderParts(inline, block)}`;
};

// pure: minik describe for kinds without a describer of their own: every field, one a line.
import type { KubeObject } from '../../api/object.ts';
import { metaLines, renderParts } from './describe-text.ts';
import type { Describe } from './describer.ts';
import { eventParts } from './event-lines.ts';

export const describeGeneric: Describe<KubeObject> = (object, { events, now }) => {
  const { inline, block } = eventParts(events, now);
  // What the head has told is not told again.
  const { name: _name, namespace: _namespace, labels: _labels, annotations: _annotations, managedFields: _managed, ...metadata } = object.metadata ?? {};
  return renderParts([...metaLines(object.metadata), ...fieldLines({ ...object, metadata }, 0), ...inline], block);
};

function fieldLines(value: object, level: number): string[] {
  const space = '  '.repeat(level);
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined && inner !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, inner]: [string, unknown]) => {
      const title = titleOf(name);
      if (Array.isArray(inner)) return [`${space}${title}:`, ...inner.flatMap((item: unknown) => (typeof item === 'object' && item !== null ? fieldLines(item, level + 1) : [`${space}  ${String(item)}`]))];
      if (typeof inner === 'object') return [`${space}${title}:`, ...fieldLines(inner as object, level + 1)];
      return [`${space}${title}:\t${String(inner)}`];
    });
}

const ACRONYMS = /\b(?:api|url|uid)\b/gi;

/** "lastTimestamp" -> "Last Timestamp", "apiVersion" -> "API Version" */
function titleOf(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2');
  return (words.charAt(0).toUpperCase() + words.slice(1)).replace(ACRONYMS, (word) => word.toUpperCase());
}

// pure: pieces that every description is made of: lines with tabs, which are aligned at the end as kubectl's tabwriter does.
import { LAST_APPLIED } from '../../api/meta/last-applied.ts';
import type { ObjectMeta, Toleration } from '../../api/generated/types.ts';
import { fromTime } from '../../api/time.ts';
import { alignTabs, DESCRIBE_ALIGNMENT } from '../printers/tab-align.ts';

/** Lines without their ends; cells are separated by tabs. */
export type Lines = readonly string[];

export function indent(lines: Lines, levels = 1): string[] {
  return lines.map((line) => '  '.repeat(levels) + line);
}

/** Columns end where a part ends: each part is aligned by itself. */
export function renderParts(...parts: readonly Lines[]): string {
  return parts.filter((part) => part.length > 0).map((part) => alignTabs(`${part.join('\n')}\n`, DESCRIBE_ALIGNMENT)).join('');
}

export function metaLines(metadata: ObjectMeta | undefined, { namespaced = true } = {}): string[] {
  return [
    `Name:\t${metadata?.name ?? ''}`,
    ...(namespaced ? [`Namespace:\t${metadata?.namespace ?? ''}`] : []),
    ...labelLines('Labels', metadata?.labels),
    ...annotationLines('Annotations', metadata?.annotations),
  ];
}

export function labelLines(title: string, labels: Readonly<Record<string, string>> | undefined): string[] {
  const entries = Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return [`${title}:\t<none>`];
  return entries.map(([name, value], at) => `${at === 0 ? `${title}:` : ''}\t${name}=${value}`);
}

const MAX_ANNOTATION = 140;

export function annotationLines(title: string, annotations: Readonly<Record<string, string>> | undefined): string[] {
  const entries = Object.entries(annotations ?? {})
    .filter(([name]) => name !== LAST_APPLIED)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return [`${title}:\t<none>`];
  const lines = entries.flatMap(([name, raw]) => {
    const value = raw.replace(/\n$/, '');
    if (value.length + name.length + 2 <= MAX_ANNOTATION && !value.includes('\n')) return [`${name}: ${value}`];
    return [`${name}:`, ...value.split('\n').map((line) => `  ${shorten(line, MAX_ANNOTATION - 2)}`)];
  });
  return lines.map((line, at) => `${at === 0 ? `${title}:` : ''}\t${line}`);
}

export function tolerationLines(title: string, tolerations: readonly Toleration[] | undefined): string[] {
  const sorted = [...(tolerations ?? [])].sort((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1));
  if (sorted.length === 0) return [`${title}:\t<none>`];
  return sorted.map((toleration, at) => `${at === 0 ? `${title}:` : ''}\t${tolerationText(toleration)}`);
}

function tolerationText({ key = '', value = '', effect = '', operator, tolerationSeconds }: Toleration): string {
  const named = `${key}${value === '' ? '' : `=${value}`}${effect === '' ? '' : `:${effect}`}`;
  const exists = operator === 'Exists' && value === '' ? (key !== '' || effect !== '' ? ' op=Exists' : 'op=Exists') : '';
  return `${named}${exists}${tolerationSeconds === undefined ? '' : ` for ${tolerationSeconds}s`}`;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** RFC 1123 with a numeric zone, in local time: "Sat, 21 Nov 2026 05:40:07 +0000". */
export function timeText(timestamp: string | undefined): string {
  const ms = fromTime(timestamp);
  if (ms === undefined) return '<unknown>';
  const time = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, '0');
  const offset = -time.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`;
  return `${DAYS[time.getDay()]}, ${two(time.getDate())} ${MONTHS[time.getMonth()]} ${time.getFullYear()} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())} ${zone}`;
}

export function boolText(value: boolean | undefined): string {
  return value === true ? 'True' : 'False';
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}...` : text;
}

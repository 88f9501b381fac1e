// pure: the name grammars of Kubernetes and the texts that explain them.

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const DNS_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${QUALIFIED})?`;

const whole = (pattern: string): RegExp => new RegExp(`^${pattern}$`);
const tooLong = (max: number): string => `must be no more than ${max} bytes`;
const alphabet = (kind: string, rest: string): string =>
  `a lowercase RFC 1123 ${kind} must consist of lower case alphanumeric characters, ${rest}`;

export const LABEL_TEXT = alphabet('label', `'-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${LABEL}')`).replace(
  "characters, '-', and",
  "characters or '-', and",
);
export const SUBDOMAIN_TEXT = alphabet('subdomain', `'-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN}')`);
export const DNS_1035_TEXT = `a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '${DNS_1035}')`;
const QUALIFIED_TEXT = `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${QUALIFIED}')`;
const LABEL_VALUE_TEXT = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${LABEL_VALUE}')`;

/** Each check returns what is wrong, nothing when all is well. */
export function checkLabel(text: string): string[] {
  return check(text, { pattern: LABEL, max: 63, detail: LABEL_TEXT });
}

export function checkSubdomain(text: string): string[] {
  return check(text, { pattern: SUBDOMAIN, max: 253, detail: SUBDOMAIN_TEXT });
}

export function check1035Label(text: string): string[] {
  return check(text, { pattern: DNS_1035, max: 63, detail: DNS_1035_TEXT });
}

/** "example.com/name" or "name": keys of labels and annotations. */
export function checkQualifiedName(text: string): string[] {
  const parts = text.split('/');
  const name = parts.at(-1)!;
  if (parts.length > 2) return [`a ${QUALIFIED_TEXT} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`.replace('a name part', 'a qualified name')];
  const prefix = parts.length === 2 ? (parts[0] === '' ? ['prefix part must be non-empty'] : checkSubdomain(parts[0]!).map((problem) => `prefix part ${problem}`)) : [];
  if (name === '') return [...prefix, 'name part must be non-empty', QUALIFIED_TEXT];
  return [...prefix, ...(name.length > 63 ? [`name part ${tooLong(63)}`] : []), ...(whole(QUALIFIED).test(name) ? [] : [QUALIFIED_TEXT])];
}

export function checkLabelValue(text: string): string[] {
  return check(text, { pattern: LABEL_VALUE, max: 63, detail: LABEL_VALUE_TEXT });
}

/** Keys of ConfigMaps and Secrets. */
export function checkConfigKey(text: string): string[] {
  const detail = `a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`;
  if (text === '.' || text === '..') return [`must not be '${text}'`];
  if (text.startsWith('..')) return [`must not start with '..'`];
  return check(text, { pattern: '[-._a-zA-Z0-9]+', max: 253, detail });
}

/** Names of environment variables: printable ASCII without "=". */
export function checkEnvName(text: string): string[] {
  return /^[\x20-\x3c\x3e-\x7e]+$/.test(text) ? [] : [`a valid environment variable name must consist only of printable ASCII characters other than '='`];
}

/** Names of ports: at most 15 characters, with a letter. */
export function checkPortName(text: string): string[] {
  const problems: string[] = [];
  if (text.length > 15) problems.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(text)) problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(text)) problems.push('must contain at least one letter (a-z)');
  if (text.includes('--')) problems.push('must not contain consecutive hyphens');
  if (text.startsWith('-') || text.endsWith('-')) problems.push('must not begin or end with a hyphen');
  return problems;
}

function check(text: string, rule: { readonly pattern: string; readonly max: number; readonly detail: string }): string[] {
  return [...(text.length > rule.max ? [tooLong(rule.max)] : []), ...(whole(rule.pattern).test(text) ? [] : [rule.detail])];
}

// pure: the name grammars of Kubernetes and the texts that explain them.
import { parseIp } from './ip.ts';

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const DNS_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${QUALIFIED})?`;
const CONFIG_KEY = '[-._a-zA-Z0-9]+';

const whole = (pattern: string): RegExp => new RegExp(`^${pattern}$`);
const tooLong = (max: number): string => `must be no more than ${max} bytes`;
const example = (names: readonly string[], pattern: string): string =>
  `(e.g. ${names.map((name) => `'${name}'`).join(',  or ')}, regex used for validation is '${pattern}')`;

export const LABEL_TEXT = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character ${example(['my-name', '123-abc'], LABEL)}`;
export const SUBDOMAIN_TEXT = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character ${example(['example.com'], SUBDOMAIN)}`;
export const DNS_1035_TEXT = `a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character ${example(['my-name', 'abc-123'], DNS_1035)}`;
const QUALIFIED_TEXT = `must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character ${example(['MyName', 'my.name', '123-abc'], QUALIFIED)}`;
const LABEL_VALUE_TEXT = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character ${example(['MyValue', 'my_value', '12345'], LABEL_VALUE)}`;
const CONFIG_KEY_TEXT = `a valid config key must consist of alphanumeric characters, '-', '_' or '.' ${example(['key.name', 'KEY_NAME', 'key-name'], CONFIG_KEY)}`;

interface Rule {
  readonly pattern: RegExp;
  readonly max: number;
  readonly detail: string;
}

const LABEL_RULE: Rule = { pattern: whole(LABEL), max: 63, detail: LABEL_TEXT };
const SUBDOMAIN_RULE: Rule = { pattern: whole(SUBDOMAIN), max: 253, detail: SUBDOMAIN_TEXT };
const DNS_1035_RULE: Rule = { pattern: whole(DNS_1035), max: 63, detail: DNS_1035_TEXT };
const LABEL_VALUE_RULE: Rule = { pattern: whole(LABEL_VALUE), max: 63, detail: LABEL_VALUE_TEXT };
const CONFIG_KEY_RULE: Rule = { pattern: whole(CONFIG_KEY), max: 253, detail: CONFIG_KEY_TEXT };
const QUALIFIED_NAME = whole(QUALIFIED);

/** Each check returns what is wrong, nothing when all is well. */
export function checkLabel(text: string): string[] {
  const problems = check(text, LABEL_RULE);
  // Upstream: what would be a good subdomain has only its dots against it.
  return SUBDOMAIN_RULE.pattern.test(text) ? problems.map((problem) => (problem === LABEL_TEXT ? 'must not contain dots' : problem)) : problems;
}

export function checkSubdomain(text: string): string[] {
  return check(text, SUBDOMAIN_RULE);
}

export function check1035Label(text: string): string[] {
  return check(text, DNS_1035_RULE);
}

/** "example.com/name" or "name": keys of labels and annotations. */
export function checkQualifiedName(text: string): string[] {
  const [first = '', second, ...more] = text.split('/');
  if (more.length > 0) return [`a qualified name ${QUALIFIED_TEXT} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  const name = second ?? first;
  return [
    ...(second === undefined ? [] : checkPrefix(first)),
    ...(name === '' ? ['name part must be non-empty'] : name.length > 63 ? [`name part ${tooLong(63)}`] : []),
    ...(QUALIFIED_NAME.test(name) ? [] : [`name part ${QUALIFIED_TEXT}`]),
  ];
}

function checkPrefix(prefix: string): string[] {
  return prefix === '' ? ['prefix part must be non-empty'] : checkSubdomain(prefix).map((problem) => `prefix part ${problem}`);
}

export function checkLabelValue(text: string): string[] {
  return check(text, LABEL_VALUE_RULE);
}

/** Keys of ConfigMaps and Secrets. */
export function checkConfigKey(text: string): string[] {
  const path = text === '.' || text === '..' ? [`must not be '${text}'`] : text.startsWith('..') ? [`must not start with '..'`] : [];
  return [...check(text, CONFIG_KEY_RULE), ...path];
}

/** Names of environment variables: printable ASCII without "=". */
export function checkEnvName(text: string): string[] {
  if (text === '') return ['environment variable name must be non-empty'];
  return /^[\x20-\x3c\x3e-\x7e]+$/.test(text) ? [] : [`a valid environment variable name must consist only of printable ASCII characters other than '='`];
}

/** Names of ports: at most 15 characters, with a letter. */
export function checkPortName(text: string): string[] {
  const rules: readonly (readonly [broken: boolean, problem: string])[] = [
    [text.length > 15, tooLong(15)],
    [!/^[-a-z0-9]+$/.test(text), 'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)'],
    [!/[a-z]/.test(text), 'must contain at least one letter (a-z)'],
    [text.includes('--'), 'must not contain consecutive hyphens'],
    [text.startsWith('-') || text.endsWith('-'), 'must not begin or end with a hyphen'],
  ];
  return rules.filter(([broken]) => broken).map(([, problem]) => problem);
}

export function checkPortNumber(port: number): string[] {
  return port >= 1 && port <= 65_535 ? [] : ['must be between 1 and 65535, inclusive'];
}

export function checkIpAddress(text: string): string[] {
  return parseIp(text) !== undefined ? [] : ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'];
}

function check(text: string, { pattern, max, detail }: Rule): string[] {
  return [...(text.length > max ? [tooLong(max)] : []), ...(pattern.test(text) ? [] : [detail])];
}

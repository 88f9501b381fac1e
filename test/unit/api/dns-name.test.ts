import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  check1035Label,
  checkConfigKey,
  checkEnvName,
  checkIpAddress,
  checkLabel,
  checkLabelValue,
  checkPortName,
  checkQualifiedName,
  checkSubdomain,
  LABEL_TEXT,
  SUBDOMAIN_TEXT,
} from '../../../src/api/dns-name.ts';

const QUALIFIED =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const CONFIG_KEY =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const IP = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';

describe('texts', () => {
  test('a label is explained as upstream explains it', () => {
    expect(checkLabel('Bad')).toEqual([
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ]);
  });

  test('a subdomain is explained as upstream explains it', () => {
    expect(checkSubdomain('a_b')).toEqual([
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ]);
  });

  test('a 1035 label is explained as upstream explains it', () => {
    expect(check1035Label('1web')).toEqual([
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
    ]);
  });
});

const checks = { checkLabel, checkSubdomain, check1035Label, checkQualifiedName, checkLabelValue, checkConfigKey, checkEnvName, checkPortName, checkIpAddress };
const long = (length: number): string => 'a'.repeat(length);

test.each<[title: string, check: keyof typeof checks, text: string, problems: readonly string[]]>([
  ['a plain label passes', 'checkLabel', 'web-1', []],
  ['a label of 63 bytes passes', 'checkLabel', long(63), []],
  ['a label of 64 bytes is too long', 'checkLabel', long(64), ['must be no more than 63 bytes']],
  ['a label has no dots', 'checkLabel', 'a.b', ['must not contain dots']],
  ['a label that would not even be a subdomain is explained', 'checkLabel', 'a..b', [LABEL_TEXT]],
  ['an empty label is none', 'checkLabel', '', [LABEL_TEXT]],
  ['a subdomain has dots', 'checkSubdomain', 'a.b-c.d', []],
  ['a subdomain has no empty part', 'checkSubdomain', 'a..b', [SUBDOMAIN_TEXT]],
  ['a subdomain of 254 bytes is too long', 'checkSubdomain', long(254), ['must be no more than 253 bytes']],
  ['a qualified name may go without prefix', 'checkQualifiedName', 'My_name.1', []],
  ['a qualified name may have a prefix', 'checkQualifiedName', 'example.com/name', []],
  ['a prefix must not be empty', 'checkQualifiedName', '/name', ['prefix part must be non-empty']],
  ['a prefix is a subdomain', 'checkQualifiedName', 'Ex/name', [`prefix part ${SUBDOMAIN_TEXT}`]],
  ['the name part must not be empty', 'checkQualifiedName', 'a/', ['name part must be non-empty', `name part ${QUALIFIED}`]],
  ['the name part has at most 63 bytes', 'checkQualifiedName', long(64), ['name part must be no more than 63 bytes']],
  ['the name part has no spaces', 'checkQualifiedName', 'a b', [`name part ${QUALIFIED}`]],
  ['one slash is enough', 'checkQualifiedName', 'a/b/c', [`a qualified name ${QUALIFIED} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`]],
  ['a label value may be empty', 'checkLabelValue', '', []],
  ['a label value ends alphanumeric', 'checkLabelValue', 'a-', ["a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"]],
  ['a config key may look like a file', 'checkConfigKey', '.env_1-x', []],
  ['a config key is not empty', 'checkConfigKey', '', [CONFIG_KEY]],
  ['a config key is no parent folder', 'checkConfigKey', '..', ["must not be '..'"]],
  ['a config key does not begin with two dots', 'checkConfigKey', '..data', ["must not start with '..'"]],
  ['a config key has no slash', 'checkConfigKey', 'a/b', [CONFIG_KEY]],
  ['a variable may begin with a digit', 'checkEnvName', '1_a.b c', []],
  ['a variable has no equals sign', 'checkEnvName', 'a=b', ["a valid environment variable name must consist only of printable ASCII characters other than '='"]],
  ['a variable has a name', 'checkEnvName', '', ['environment variable name must be non-empty']],
  ['a port name is short', 'checkPortName', 'abcdefghijklmnop', ['must be no more than 15 bytes']],
  ['a port name has a letter', 'checkPortName', '80', ['must contain at least one letter (a-z)']],
  ['a port name is lower case', 'checkPortName', 'Web', ['must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)']],
  ['a port name has single hyphens inside', 'checkPortName', '-a--b', ['must not contain consecutive hyphens', 'must not begin or end with a hyphen']],
  ['an IPv4 address passes', 'checkIpAddress', '10.0.0.1', []],
  ['an octet has no leading zero', 'checkIpAddress', '10.0.0.01', [IP]],
  ['an octet ends at 255', 'checkIpAddress', '10.0.0.256', [IP]],
  ['a short IPv6 address passes', 'checkIpAddress', '::1', []],
  ['a full IPv6 address passes', 'checkIpAddress', '2001:db8:0:0:0:0:0:ffff', []],
  ['an IPv6 address may end in IPv4', 'checkIpAddress', '::ffff:10.1.2.3', []],
  ['an IPv6 address shortens once', 'checkIpAddress', '1::2::3', [IP]],
  ['a host name is no address', 'checkIpAddress', 'localhost', [IP]],
])('%s', (_title, check, text, problems) => {
  expect(checks[check](text)).toEqual(problems);
});

test('what a label check accepts, the wider grammars accept too', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9.-]{1,70}$/), (text) => {
      if (checkLabel(text).length > 0) return;
      expect([...checkSubdomain(text), ...checkQualifiedName(text), ...checkLabelValue(text), ...checkConfigKey(text)]).toEqual([]);
    }),
  );
});

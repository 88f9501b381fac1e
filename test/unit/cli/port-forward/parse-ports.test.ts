// The ports and addresses of port-forward, and what kubectl says to wrong ones.
import { describe, expect, test } from '@jest/globals';
import { parseAddresses, parsePorts } from '../../../../src/cli/port-forward/parse-ports.ts';

const pod = {
  metadata: { name: 'web' },
  spec: {
    containers: [
      { name: 'a', ports: [{ containerPort: 80, name: 'http' }, { containerPort: 53, protocol: 'UDP' }] },
      { name: 'b', ports: [{ containerPort: 5353, protocol: 'UDP' }, { containerPort: 5353 }] },
    ],
  },
};

describe('ports', () => {
  test.each([
    [['8080'], [{ local: 8080, remote: 8080 }]],
    [['8080:80', ':81', '0:82'], [{ local: 8080, remote: 80 }, { local: 0, remote: 81 }, { local: 0, remote: 82 }]],
    [['8080:http'], [{ local: 8080, remote: 80 }]],
    [['http'], [{ local: 80, remote: 80 }]],
    [['5353'], [{ local: 5353, remote: 5353 }]],
  ])('%j are %j', (words, pairs) => expect(parsePorts(words, pod)).toEqual(pairs));

  test.each([
    ['1:2:3', "invalid port format '1:2:3'"],
    ['8080:', 'remote port cannot be empty'],
    ['8080:0', 'remote port must be > 0'],
    ['8080:70000', "error parsing remote port '70000': expected a number from 1 to 65535"],
    ['x:80', "error parsing local port 'x': expected a number from 0 to 65535"],
    ['8080:https', "Pod 'web' does not have a named port 'https'"],
    ['53', 'UDP protocol is not supported for 53'],
  ])('%s: %s', (word, message) => expect(() => parsePorts([word], pod)).toThrow(message));
});

describe('addresses', () => {
  test.each([
    ['localhost', [{ host: '127.0.0.1', isOptional: true }, { host: '::1', isOptional: true }]],
    ['0.0.0.0', [{ host: '0.0.0.0', isOptional: false }]],
    ['10.0.0.1,::1', [{ host: '10.0.0.1', isOptional: false }, { host: '::1', isOptional: false }]],
  ])('%s is %j', (text, addresses) => expect(parseAddresses(text)).toEqual(addresses));

  test.each(['example.org', '', '1.2.3', '1.2.3.400'])('"%s" is none', (text) => expect(() => parseAddresses(text)).toThrow(`${text} is not a valid IP`));
});

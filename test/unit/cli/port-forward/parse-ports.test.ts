// The ports and addresses of port-forward, and what kubectl says to wrong ones.
import { describe, expect, test } from '@jest/globals';
import { parseAddresses, parsePorts, type PortPair } from '../../../../src/cli/port-forward/parse-ports.ts';
import { aService } from '../../../support/services.ts';

const pod = {
  metadata: { name: 'web' },
  spec: {
    containers: [
      { name: 'a', ports: [{ containerPort: 80, name: 'http' }, { containerPort: 53, protocol: 'UDP' }] },
      { name: 'b', ports: [{ containerPort: 5353, protocol: 'UDP' }, { containerPort: 5353 }] },
    ],
  },
};

const numbers = (pairs: readonly PortPair[]): { local: number; remote: number }[] => pairs.map(({ local, remote }) => ({ local, remote }));

describe('ports', () => {
  test.each([
    [['8080'], [{ local: 8080, remote: 8080 }]],
    [['8080:80', ':81', '0:82'], [{ local: 8080, remote: 80 }, { local: 0, remote: 81 }, { local: 0, remote: 82 }]],
    [['8080:http'], [{ local: 8080, remote: 80 }]],
    [['http'], [{ local: 80, remote: 80 }]],
    [['5353'], [{ local: 5353, remote: 5353 }]],
  ])('%j are %j', (words, pairs) => expect(numbers(parsePorts(words, { pod }))).toEqual(pairs));

  test.each([
    ['1:2:3', "invalid port format '1:2:3'"],
    ['8080:', 'remote port cannot be empty'],
    ['8080:0', 'remote port must be > 0'],
    ['8080:70000', "error parsing remote port '70000': expected a number from 1 to 65535"],
    ['x:80', "error parsing local port 'x': expected a number from 0 to 65535"],
    ['8080:https', "Pod 'web' does not have a named port 'https'"],
    ['53', 'UDP protocol is not supported for 53'],
  ])('%s: %s', (word, message) => expect(() => parsePorts([word], { pod })).toThrow(message));
});

describe('ports of a Service', () => {
  const service = aService({ ports: [{ name: 'web', port: 8000, targetPort: 80 }, { name: 'named', port: 9000, targetPort: 'http' }, { name: 'same', port: 7000 }, { name: 'dns', port: 53, protocol: 'UDP' }, { name: 'both', port: 54, protocol: 'UDP' }, { name: 'both-tcp', port: 54, targetPort: 5454 }, { name: 'lost', port: 1000, targetPort: 'nowhere' }] });

  test.each([
    [['8080:8000', '8000'], [{ local: 8080, remote: 80 }, { local: 8000, remote: 80 }]],
    [['8080:web', 'web', ':web'], [{ local: 8080, remote: 80 }, { local: 8000, remote: 80 }, { local: 0, remote: 80 }]],
    [['9000'], [{ local: 9000, remote: 80 }]],
    [['7000'], [{ local: 7000, remote: 7000 }]],
    [['54'], [{ local: 54, remote: 5454 }]],
  ])('%j are %j', (words, pairs) => expect(numbers(parsePorts(words, { pod, service }))).toEqual(pairs));

  test.each([
    ['80', 'Service web does not have a service port 80'],
    ['8080:http', "Service 'web' does not have a named port 'http'"],
    ['1000', "Pod 'web' does not have a named port 'nowhere'"],
    ['53', 'UDP protocol is not supported for 53'],
    ['dns', 'UDP protocol is not supported for dns'],
  ])('%s: %s', (word, message) => expect(() => parsePorts([word], { pod, service })).toThrow(message));

  test('a name may mean another number in the next Pod', () => {
    const next = { metadata: { name: 'next' }, spec: { containers: [{ name: 'a', ports: [{ containerPort: 8080, name: 'http' }] }] } };
    expect(parsePorts(['9000'], { pod, service })[0]?.remoteIn(next)).toBe(8080);
    expect(parsePorts(['http'], { pod })[0]?.remoteIn(next)).toBe(8080);
  });

  test('of a headless one lead straight to the Pod', () => {
    const headless = aService({ clusterIP: 'None', ports: [{ port: 8000, targetPort: 80 }] });
    expect(numbers(parsePorts(['8000'], { pod, service: headless }))).toEqual([{ local: 8000, remote: 8000 }]);
  });
});

describe('addresses', () => {
  test.each([
    ['localhost', [{ host: '127.0.0.1', isOptional: true }, { host: '::1', isOptional: true }]],
    ['0.0.0.0', [{ host: '0.0.0.0', isOptional: false }]],
    ['10.0.0.1,::1', [{ host: '10.0.0.1', isOptional: false }, { host: '::1', isOptional: false }]],
  ])('%s is %j', (text, addresses) => expect(parseAddresses(text)).toEqual(addresses));

  test.each(['example.org', '', '1.2.3', '1.2.3.400'])('"%s" is none', (text) => expect(() => parseAddresses(text)).toThrow(`${text} is not a valid IP`));
});

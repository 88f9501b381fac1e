// What may be typed as the ends of minik can-reach, and what is said of anything else.
import { describe, expect, test } from '@jest/globals';
import { parseReachSource, parseReachTarget } from '../../../../src/cli/reach/reach-ends.ts';

describe('who connects', () => {
  test.each([
    ['pod/a', { type: 'pod', namespace: 'here', name: 'a' }],
    ['po/there/a', { type: 'pod', namespace: 'there', name: 'a' }],
    ['host', { type: 'host' }],
    ['192.0.2.7', { type: 'address', ip: '192.0.2.7' }],
  ])('%s', (text, end) => {
    expect(parseReachSource(text, 'here')).toEqual(end);
  });

  test.each([
    ['a', 'expected who connects as pod/NAME, an IP address or host, got "a"'],
    ['pod/', 'expected who connects as pod/NAME, an IP address or host, got "pod/"'],
    ['pod/a/b/c', 'expected who connects as pod/NAME, an IP address or host, got "pod/a/b/c"'],
    ['service/a', 'a Service connects to nobody: name one of its Pods instead of "service/a"'],
  ])('not %s', (text, problem) => {
    expect(() => parseReachSource(text, 'here')).toThrow(problem);
  });
});

describe('where to', () => {
  const service = { type: 'service', namespace: 'here', name: 'db' };
  test.each([
    ['service/db', { end: service }],
    ['svc/db:5432', { end: service, port: '5432', protocol: 'TCP' }],
    ['svc/there/db:sql', { end: { ...service, namespace: 'there' }, port: 'sql', protocol: 'TCP' }],
    ['pod/a:53/udp', { end: { type: 'pod', namespace: 'here', name: 'a' }, port: '53', protocol: 'UDP' }],
    ['192.0.2.7:80', { end: { type: 'address', ip: '192.0.2.7' }, port: '80', protocol: 'TCP' }],
    ['[fd00::1]:80', { end: { type: 'address', ip: 'fd00::1' }, port: '80', protocol: 'TCP' }],
    ['host:30007', { end: { type: 'host' }, port: '30007', protocol: 'TCP' }],
  ])('%s', (text, target) => {
    expect(parseReachTarget(text, 'here')).toEqual(target);
  });

  test.each([
    ['db:80', 'expected where to as pod/NAME, service/NAME, an IP address or host, each with :PORT or :PORT/PROTOCOL, got "db:80"'],
    ['192.0.2.7', '"192.0.2.7" needs a port: 192.0.2.7:80'],
    ['host', '"host" needs a port: host:80'],
    ['pod/a:80/icmp', 'expected tcp, udp or sctp as the protocol of "pod/a:80/icmp", got "icmp"'],
    ['pod/a:0', 'the port of "pod/a:0" must be between 1 and 65535'],
    ['192.0.2.7:web', 'the port of "192.0.2.7:web" must be a number: only Pods and Services name theirs'],
  ])('not %s', (text, problem) => {
    expect(() => parseReachTarget(text, 'here')).toThrow(problem);
  });
});

import { expect, test } from '@jest/globals';
import { httpTarget, resolvePort, targetText } from '../../../../src/kubelet/probes/probe-target.ts';

const container = { name: 'c', ports: [{ containerPort: 8080, name: 'web' }] };

test.each([
  { name: 'a number is a port', port: 80, result: { ok: true, port: 80 } },
  { name: 'a number in quotes is one, too', port: '80', result: { ok: true, port: 80 } },
  { name: 'a name is looked up in the container', port: 'web', result: { ok: true, port: 8080 } },
  { name: 'a name that the container does not have', port: 'db', result: { ok: false, problem: 'couldn\'t find port: "db"' } },
  { name: 'no port of TCP', port: 70_000, result: { ok: false, problem: 'invalid port number: 70000' } },
])('$name', ({ port, result }) => {
  expect(resolvePort(port, container)).toEqual(result);
});

test.each([
  { name: 'a path without a slash gets one', action: { port: 80, path: 'healthz' }, text: 'http://10.0.0.1:80/healthz' },
  { name: 'a query stays', action: { port: 80, path: '/a?b=c' }, text: 'http://10.0.0.1:80/a?b=c' },
  { name: 'https keeps its port in the text', action: { port: 443, scheme: 'HTTPS' }, text: 'https://10.0.0.1:443/' },
])('$name', ({ action, text }) => {
  expect(targetText(httpTarget(action, '10.0.0.1', action.port))).toBe(text);
});

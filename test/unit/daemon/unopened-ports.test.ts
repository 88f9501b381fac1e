import { expect, test } from '@jest/globals';
import { UnopenedPorts } from '../../../src/daemon/unopened-ports.ts';

const failed = (owner: string, port: number, code: string) => ({ owner, port, protocol: 'TCP' as const, code });

test('who asks for a Service hears which of its ports could not be opened; who listens, of Services whose answer changed', () => {
  const ports = new UnopenedPorts();
  const heard: string[] = [];
  const stop = ports.onChange((key) => heard.push(key));
  ports.set([failed('default/web:https/TCP', 443, 'EACCES'), failed('default/web:http/TCP', 80, 'EADDRINUSE'), failed('default/db:/TCP', 5432, 'EADDRINUSE')]);
  expect(ports.of('default/web')).toEqual([{ port: 80, protocol: 'TCP', error: 'minik.dev/PortInUse' }, { port: 443, protocol: 'TCP', error: 'minik.dev/PortUnavailable' }]);
  expect(ports.of('default/other')).toEqual([]);
  expect(heard).toEqual(['default/web', 'default/db']);
  ports.set([failed('default/db:/TCP', 5432, 'EADDRINUSE')]);
  expect(heard.splice(0)).toEqual(['default/web', 'default/db', 'default/web']);
  stop();
  ports.set([]);
  expect(heard).toEqual([]);
});

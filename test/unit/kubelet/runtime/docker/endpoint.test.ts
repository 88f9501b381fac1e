// Where the engine is looked for.
import { afterAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeEndpoint, findEngine } from '../../../../../src/kubelet/runtime/docker/endpoint.ts';

const home = mkdtempSync(join(tmpdir(), 'minik-endpoint-'));
afterAll(() => rmSync(home, { recursive: true }));

function write(path: string, content: string): void {
  mkdirSync(join(home, path, '..'), { recursive: true });
  writeFileSync(join(home, path), content);
}

const contextId = createHash('sha256').update('colima').digest('hex');
write('.docker/config.json', JSON.stringify({ currentContext: 'colima' }));
write(`.docker/contexts/meta/${contextId}/meta.json`, JSON.stringify({ Name: 'colima', Endpoints: { docker: { Host: 'unix:///c/docker.sock' } } }));
write('broken/config.json', '{');
write('plain/config.json', JSON.stringify({ auths: {} }));
write('certs/ca.pem', 'CA');

describe('the engine is found', () => {
  test.each<[string, Record<string, string>, object]>([
    ['at the usual socket', { HOME: join(home, 'nobody') }, { type: 'unix', socketPath: '/var/run/docker.sock' }],
    ['where DOCKER_HOST says, before any context', { HOME: home, DOCKER_HOST: 'unix:///x.sock' }, { type: 'unix', socketPath: '/x.sock' }],
    ['over TCP', { DOCKER_HOST: 'tcp://10.0.0.1:1234' }, { type: 'tcp', host: '10.0.0.1', port: 1234 }],
    ['over TCP at the default port', { DOCKER_HOST: 'tcp://[::1]' }, { type: 'tcp', host: '[::1]', port: 2375 }],
    [
      'over TLS',
      { DOCKER_HOST: 'tcp://h', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: join(home, 'certs') },
      { type: 'tcp', host: 'h', port: 2376, tls: { ca: 'CA', skipVerify: false } },
    ],
    ['through the current docker context', { HOME: home }, { type: 'unix', socketPath: '/c/docker.sock' }],
    ['through DOCKER_CONTEXT', { DOCKER_CONFIG: join(home, '.docker'), DOCKER_CONTEXT: 'colima' }, { type: 'unix', socketPath: '/c/docker.sock' }],
    ['at the usual socket when the context is the default one', { HOME: home, DOCKER_CONTEXT: 'default' }, { type: 'unix' }],
    ['at the usual socket when no context is chosen', { HOME: join(home, 'nobody'), DOCKER_CONFIG: join(home, 'plain') }, { type: 'unix' }],
  ])('%s', async (_where, env, expected) => {
    expect(await findEngine(env)).toMatchObject(expected);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['ssh', { DOCKER_HOST: 'ssh://me@host' }, /DOCKER_HOST=ssh:\/\/me@host .*ssh is not supported/],
    ['a named pipe', { DOCKER_HOST: 'npipe:////./pipe/docker' }, /expected unix:\/\/\/path or tcp:\/\/host:port/],
    ['a context that is not there', { HOME: home, DOCKER_CONTEXT: 'gone' }, /docker context "gone" not found/],
    ['a broken configuration', { DOCKER_CONFIG: join(home, 'broken') }, /config\.json is not valid JSON/],
  ])('%s is refused in words', async (_what, env, message) => {
    await expect(findEngine(env)).rejects.toThrow(message);
  });

  test('and named as docker names it', () => {
    expect(describeEndpoint({ type: 'unix', socketPath: '/x' })).toBe('unix:///x');
    expect(describeEndpoint({ type: 'tcp', host: 'h', port: 1 })).toBe('tcp://h:1');
  });
});

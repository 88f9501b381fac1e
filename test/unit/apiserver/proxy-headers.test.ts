// What headers become on their way through the proxy.
import { describe, expect, test } from '@jest/globals';
import { forwardedHeaders, returnedHeaders, type Forwarding } from '../../../src/apiserver/proxy/proxy-headers.ts';

const PREFIX = '/api/v1/namespaces/default/services/web/proxy';
const at = (rest: string, change: Partial<Forwarding> = {}): Forwarding => ({ scheme: 'http', hosts: ['10.0.0.1:80', '127.0.0.1:16443'], path: { prefix: PREFIX, rest }, ...change });

describe('a redirection', () => {
  test.each<[from: string, location: string, becomes: string]>([
    ['/a', '/b', `${PREFIX}/b`],
    ['/a/b', 'c', `${PREFIX}/a/c`],
    ['/a/b/', '../c?d=e#f', `${PREFIX}/a/c?d=e#f`],
    ['', 'b', `${PREFIX}/b`],
    ['/a', 'http://10.0.0.1/b', `${PREFIX}/b`],
    ['/a', 'http://10.0.0.1:80/b', `${PREFIX}/b`],
    ['/a', 'http://127.0.0.1:16443/b', `${PREFIX}/b`],
    ['/a', `${PREFIX}/b`, `${PREFIX}/b`],
    ['/a', 'http://10.0.0.1:81/b', 'http://10.0.0.1:81/b'],
    ['/a', 'https://example.com/b', 'https://example.com/b'],
    ['/a', 'http://[', 'http://['],
  ])('from %s to %s leads to %s', (rest, location, becomes) => {
    expect(returnedHeaders({ location }, at(rest))).toEqual({ location: becomes });
  });
});

test('what is about one connection stays there, in both directions', () => {
  const headers = { connection: 'close, X-Own', 'x-own': 'a', 'transfer-encoding': 'chunked', upgrade: 'h2c', 'x-kept': 'b', 'set-cookie': ['c', 'd'] };
  expect(returnedHeaders(headers, at('/'))).toEqual({ 'x-kept': 'b', 'set-cookie': ['c', 'd'] });
  expect(Object.keys(forwardedHeaders({ ...headers, host: '127.0.0.1:16443', authorization: 'Bearer x' }, at('/'))).sort()).toEqual(['host', 'set-cookie', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-uri', 'x-kept']);
});

test('a backend is called by its own address, and told what the caller called it', () => {
  expect(forwardedHeaders({ host: '127.0.0.1:16443' }, at('/a'))).toMatchObject({ host: '10.0.0.1:80', 'x-forwarded-host': '127.0.0.1:16443', 'x-forwarded-uri': `${PREFIX}/a` });
});

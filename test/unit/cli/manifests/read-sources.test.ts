// What -f may name.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readSources } from '../../../../src/cli/manifests/read-sources.ts';

let root: string;
const at = (name: string): string => join(root, name);
const read = async (names: readonly string[], recursive = false): Promise<{ names: string[]; errors: string[] }> => {
  const stdin = Readable.from([Buffer.from('pi'), Buffer.from('ped')]);
  const { texts, errors } = await readSources(names, { recursive, stdin, signal: new AbortController().signal });
  return { names: texts.map(({ name, text }) => `${name.replace(`${root}/`, '')}=${text}`), errors: errors.map(({ message }) => message.replaceAll(`${root}/`, '')) };
};

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'minik-sources-'));
  mkdirSync(at('d/sub'), { recursive: true });
  mkdirSync(at('empty'));
  for (const name of ['d/b.yml', 'd/a.yaml', 'd/c.json', 'd/readme.txt', 'd/sub/e.yaml']) writeFileSync(at(name), name);
  writeFileSync(at('binary.yaml'), Buffer.from([0xff, 0xfe, 0x00]));
});
afterAll(() => rmSync(root, { recursive: true }));

describe('files', () => {
  test('nothing to do', async () => {
    expect(await read([])).toEqual({ names: [], errors: [] });
  });

  test('a directory: manifests only, by name, not below', async () => {
    expect((await read([at('d')])).names).toEqual(['d/a.yaml=d/a.yaml', 'd/b.yml=d/b.yml', 'd/c.json=d/c.json']);
  });

  test('a directory with -R: below, too', async () => {
    expect((await read([at('d')], true)).names).toContain('d/sub/e.yaml=d/sub/e.yaml');
  });

  test('a file named outright may be called anything', async () => {
    expect((await read([at('d/readme.txt')])).names).toEqual(['d/readme.txt=d/readme.txt']);
  });

  test('a pattern', async () => {
    expect((await read([at('d/*.y*ml')])).names).toEqual(['d/a.yaml=d/a.yaml', 'd/b.yml=d/b.yml']);
  });

  test('standard input', async () => {
    expect((await read(['-'])).names).toEqual(['STDIN=piped']);
  });

  test('a path that is not there does not stop the others', async () => {
    expect(await read([at('nope.yaml'), at('d/a.yaml')])).toEqual({ names: ['d/a.yaml=d/a.yaml'], errors: ['the path "nope.yaml" does not exist'] });
  });

  test('a pattern that nothing matches', async () => {
    expect((await read([at('d/*.xml')])).errors).toEqual(['the path "d/*.xml" does not exist']);
  });

  test('a directory without manifests', async () => {
    expect((await read([at('empty')])).errors).toEqual(['error reading [empty]: recognized file extensions are [.json .yaml .yml]']);
  });

  test('bytes that are no text', async () => {
    expect((await read([at('binary.yaml')])).errors).toEqual(['error parsing binary.yaml: it is not UTF-8 text']);
  });
});

describe('URLs', () => {
  test('the body is read; an error reply names the status', async () => {
    const server = createServer((request, reply) => {
      reply.statusCode = request.url === '/a.yaml' ? 200 : 404;
      reply.setHeader('connection', 'close').end('web');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      expect((await read([`${base}/a.yaml`])).names).toEqual([`${base}/a.yaml=web`]);
      expect((await read([`${base}/b.yaml`])).errors).toEqual([`unable to read URL "${base}/b.yaml", server reported 404 Not Found, status code=404`]);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
    expect((await read([`${base}/a.yaml`])).errors).toEqual([expect.stringContaining(`unable to read URL "${base}/a.yaml": connect ECONNREFUSED`)]);
  });
});

// The rules of the house, enforced: who may import whom, what is pure, how large and how named files are.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '..');
const SRC = join(ROOT, 'src');

/** Folder -> folders of src it may import, besides itself. */
const ALLOWED: Record<string, readonly string[]> = {
  api: [],
  base: [],
  store: ['base', 'api'],
  streams: ['base'],
  apiserver: ['store', 'streams', 'api', 'base'],
  client: ['streams', 'api', 'base'],
  controllers: ['client', 'api', 'base'],
  kubelet: ['client', 'api', 'base'],
  network: ['client', 'api', 'base'],
  rehearsal: ['controllers', 'client', 'api', 'base'],
  cli: ['client', 'api', 'base', 'rehearsal'],
  daemon: ['store', 'apiserver', 'client', 'controllers', 'kubelet', 'network', 'api', 'base'],
};

/** Package -> the only places of src that may import it. */
const PACKAGES: Record<string, readonly string[]> = {
  'better-sqlite3': ['store/sqlite'],
  commander: ['cli'],
  chalk: ['cli'],
  'cli-table3': ['cli'],
  'dns-packet': ['network/dns'],
  execa: ['cli', 'kubelet/runtime/docker'],
  'js-yaml': ['cli', 'apiserver/request-body.ts'],
  '@peculiar/x509': ['daemon/pki.ts'],
  'reflect-metadata': ['daemon/pki.ts'],
  ws: ['streams/websocket.ts'],
};

const MAX_LINES = 350;
const DRAWERS = /^(?:utils?|helpers?|common|misc|lib|shared|index)$/;
const IMPURE: readonly [RegExp, string][] = [
  [/\bDate\.now\(/, 'Date.now()'],
  [/\bnew Date\(\)/, 'new Date() without a time'],
  [/\bMath\.random\(/, 'Math.random()'],
  [/\bprocess\./, 'process'],
  [/\bset(?:Timeout|Interval|Immediate)\(/, 'a timer'],
  [/\bperformance\./, 'performance'],
  [/from '(?:node:|execa|better-sqlite3)/, 'an effectful module'],
];

interface SourceFile {
  /** From src/, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

/** Generated text is data: what it quotes is not code. */
const isGenerated = (path: string): boolean => path.startsWith('api/generated/');

const files: readonly SourceFile[] = sourceFiles(SRC).map((path) => {
  const text = readFileSync(path, 'utf8');
  return { path: relative(SRC, path).split(sep).join('/'), text, imports: importsOf(text) };
});

describe('imports', () => {
  test('every file of src lies in a folder of the house', () => {
    expect(files.map(({ path }) => path.split('/')[0]).filter((folder) => !(folder! in ALLOWED))).toEqual([]);
  });

  test('go only where the table of the design allows', () => {
    const wrong = files.flatMap(({ path, imports }) => {
      const folder = path.split('/')[0]!;
      const targets = imports.filter((name) => name.startsWith('.')).map((name) => relative(SRC, resolve(dirname(join(SRC, path)), name)).split(sep)[0]!);
      return targets.filter((target) => target !== folder && !ALLOWED[folder]!.includes(target)).map((target) => `${path} -> ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  test('no controller imports a sibling controller', () => {
    const wrong = files.flatMap(({ path, imports }) => {
      const [folder, own] = path.split('/');
      if (folder !== 'controllers') return [];
      const others = imports
        .filter((name) => name.startsWith('.'))
        .map((name) => relative(SRC, resolve(dirname(join(SRC, path)), name)).split(sep))
        .filter(([top, sub]) => top === 'controllers' && sub !== own && sub !== 'runtime');
      return others.map((other) => `${path} -> ${other.join('/')}`);
    });
    expect(wrong).toEqual([]);
  });

  test('each package is imported only where it belongs', () => {
    const wrong = files.flatMap(({ path, imports }) =>
      imports
        .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
        .filter((name) => !(PACKAGES[name] ?? []).some((place) => path === place || path.startsWith(`${place}/`)))
        .map((name) => `${path} -> ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  test('make no cycle', () => {
    expect(findCycle(new Map(files.map((file) => [file.path, runtimeImports(file)])))).toEqual([]);
  });

  test('nothing but the runtime folder knows Docker', () => {
    const wrong = files.filter(({ path, imports }) => !path.startsWith('kubelet/runtime/docker/') && !path.startsWith('daemon/') && imports.some((name) => name.includes('runtime/docker')));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });
});

describe('pure files', () => {
  const pure = files.filter(({ path, text }) => path.startsWith('api/') || /(?:^|\/)plan-[^/]*\.ts$/.test(path) || text.startsWith('// pure'));

  test.each(IMPURE.map(([pattern, what]) => ({ pattern, what })))('never use $what', ({ pattern }) => {
    expect(pure.filter(({ path, text }) => !isGenerated(path) && pattern.test(withoutComments(text))).map(({ path }) => path)).toEqual([]);
  });

  test('are all that the rehearsal is made of: it has no daemon, and takes nobody\'s time', () => {
    expect(files.filter(({ path, text }) => path.startsWith('rehearsal/') && !text.startsWith('// pure')).map(({ path }) => path)).toEqual([]);
  });

  test('import only pure files', () => {
    const names = new Set(pure.map(({ path }) => path));
    const wrong = pure.flatMap((file) => runtimeImports(file).filter((target) => !names.has(target) && !isContract(target)).map((target) => `${file.path} -> ${target}`));
    expect(wrong).toEqual([]);
  });
});

describe('files', () => {
  test('open with a sentence on what they are for', () => {
    expect(files.filter(({ text }) => !/^\/\/ \S.*\S/.test(text)).map(({ path }) => path)).toEqual([]);
  });

  test(`have at most ${MAX_LINES} lines, tables of data excepted`, () => {
    const large = files.filter(({ path, text }) => !isGenerated(path) && text.split('\n').length > MAX_LINES + 1);
    expect(large.map(({ path }) => path)).toEqual([]);
  });

  test('are named for a thing, never a drawer', () => {
    const wrong = files.filter(({ path }) => path.replace(/\.ts$/, '').split('/').some((part) => DRAWERS.test(part)));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  test('are kebab-case', () => {
    expect(files.filter(({ path }) => !/^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*(?:\.pure)?\.ts$/.test(path)).map(({ path }) => path)).toEqual([]);
  });

  test('hold no any, no enum and no namespace', () => {
    const wrong = files.filter(({ path, text }) => !isGenerated(path) && /(?::|as|<) ?any\b(?!thing)|^(?:export )?(?:const )?enum |^(?:export )?namespace /m.test(withoutComments(text)));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });
});

/** Interfaces and constants that are shared across the port of a folder, free of effects. */
function isContract(path: string): boolean {
  return files.some((file) => file.path === path && runtimeImports(file).length === 0 && IMPURE.every(([pattern]) => !pattern.test(withoutComments(file.text))));
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sourceFiles(path) : entry.name.endsWith('.ts') ? [path] : [];
  });
}

function importsOf(text: string): string[] {
  const code = withoutComments(text);
  const statements = code.matchAll(/^(?:import|export)\s(?:[^'"`;=]*?\sfrom\s)?'([^'\n]+)'/gm);
  const dynamic = code.matchAll(/\bimport\('([^'\n]+)'\)/g);
  return [...statements, ...dynamic].map((match) => match[1]!);
}

/** Files of src that are imported for more than their types. */
function runtimeImports({ path, text }: SourceFile): string[] {
  return [...withoutComments(text).matchAll(/^(?:import|export)\s+(type\s+)?(?:([^'";]*?)\s+from\s+)?'(\.[^']+)'/gm)]
    .filter(([, typeOnly, names = '']) => typeOnly === undefined && !onlyTypes(names))
    .map((match) => relative(SRC, resolve(dirname(join(SRC, path)), match[3]!)).split(sep).join('/'))
    .filter((target) => target.endsWith('.ts'));
}

function onlyTypes(names: string): boolean {
  const inner = /^\{([\s\S]*)\}$/.exec(names.trim())?.[1];
  if (inner === undefined) return false;
  return inner.split(',').map((name) => name.trim()).filter((name) => name !== '').every((name) => name.startsWith('type '));
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '').replace(/([^:'"`])\/\/ .*$/gm, '$1');
}

/** One cycle as a list of files, or an empty list. */
function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const walk = (node: string, trail: readonly string[]): string[] => {
    if (trail.includes(node)) return [...trail.slice(trail.indexOf(node)), node];
    if (done.has(node)) return [];
    for (const next of graph.get(node) ?? []) {
      const cycle = walk(next, [...trail, node]);
      if (cycle.length > 0) return cycle;
    }
    done.add(node);
    return [];
  };
  for (const node of graph.keys()) {
    const cycle = walk(node, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}

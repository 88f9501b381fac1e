// Bundles the CLI and the daemon into dist/, each behind a loader that switches Node's compile cache on first.
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');
const PROGRAMS = [
  { loader: 'minik.js', bundle: 'cli', entry: 'src/cli/main.ts', apart: ['execa', 'js-yaml', 'cli-table3', 'ws'] },
  { loader: 'minikd.js', bundle: 'daemon', entry: 'src/daemon/main.ts', apart: ['ws'] },
] as const;
/** Threads of the daemon: a file each, beside its bundle. */
const THREADS: Readonly<Record<string, string>> = { 'dns-thread': 'src/network/dns/dns-thread.ts', 'proxy-thread': 'src/network/proxy/thread/thread-main.ts' };
/** Libraries that few verbs need are files of their own: what a start reads it pays for, used or not. */
const APART = [...new Set<string>(PROGRAMS.flatMap(({ apart }) => apart))];

/** CommonJS dependencies inside the bundle still ask for Node's own modules through require. */
const BANNER = `import { createRequire as createRequire_ } from 'node:module';
const require = createRequire_(import.meta.url);
const requireBeside_ = require;`;

/** Sources that one verb needs and no other: files of their own, too. Only plain data may cross to them and back. */
const SOURCES_APART: Readonly<Record<string, string>> = { rehearsal: 'src/rehearsal/rehearsal.ts' };

/** Compiled code is kept beside the bundle; where that is read-only Node's default place is tried. */
const loaderText = (bundle: string): string => `// Starts ./${bundle}.js with the compile cache on.
import module from 'node:module';
import { join } from 'node:path';
const { FAILED } = module.constants.compileCacheStatus;
if (module.enableCompileCache(join(import.meta.dirname, '.compile-cache')).status === FAILED) module.enableCompileCache();
await import('./${bundle}.js');
`;

/**
 * A module of Node's is loaded when something of it is first used, not when it is imported: many are imported for a case
 * that seldom comes. An import statement would even read every property, also those that load something big when read:
 * with node:http that is Node's fetch, 30 ms and 13 MB for nothing.
 */
const LAZY_BUILTINS: Plugin = {
  name: 'lazy-builtins',
  setup(builder) {
    builder.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'builtin' }));
    builder.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({ contents: builtinText(path) }));
  },
};

/** Read when the module that imports it is evaluated; an import of an external file would be read at every start. */
const keptApart = (names: readonly string[]): Plugin => ({
  name: 'kept-apart',
  setup(builder) {
    builder.onResolve({ filter: /^[\w-]+$/ }, ({ path }) => (names.includes(path) ? { path, namespace: 'apart' } : undefined));
    for (const [name, source] of Object.entries(SOURCES_APART)) {
      builder.onResolve({ filter: new RegExp(`/${basename(source).replaceAll('.', '\\.')}$`) }, ({ path, resolveDir }) => (join(resolveDir, path) === join(ROOT, source) ? { path: name, namespace: 'apart' } : undefined));
    }
    builder.onLoad({ filter: /.*/, namespace: 'apart' }, ({ path }) => ({ contents: `module.exports = requireBeside_('./${path}.cjs');` }));
  },
});

function builtinText(path: string): string {
  const load = `process.getBuiltinModule('${path}')`;
  const builtin: unknown = process.getBuiltinModule(path);
  // A function must stay callable, and the process is there anyway.
  if (typeof builtin !== 'object' || builtin === null || path === 'node:process') return `module.exports = ${load};`;
  return `const names = ${JSON.stringify(Object.keys(builtin))};
for (const name of names) Object.defineProperty(exports, name, { get: () => ${load}[name], enumerable: true });`;
}

/** Made aside and moved in, so that a program started meanwhile never reads half a file. */
const STAGING = join(DIST, `.staging-${process.pid}`);

const COMMON: BuildOptions = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node24',
  // Its binary is found relative to its own package.
  external: ['better-sqlite3'],
  outdir: STAGING,
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'linked',
  logLevel: 'warning',
};

try {
  await bundlePrograms();
  for (const { loader, bundle } of PROGRAMS) await writeFile(join(STAGING, loader), loaderText(bundle));
  await mkdir(DIST, { recursive: true });
  // Loaders last: their age is what the set-up compares with the sources.
  const files = (await readdir(STAGING)).sort((left, right) => Number(isLoader(left)) - Number(isLoader(right)));
  for (const file of files) await rename(join(STAGING, file), join(DIST, file));
} catch (error) {
  if (!(error instanceof Error && 'errors' in error)) throw error;
  process.exitCode = 1; // esbuild has said why.
} finally {
  await rm(STAGING, { recursive: true, force: true });
}

/** One file each, verbs and all: measured, splitting them gains nothing once their compiled code is cached. */
async function bundlePrograms(): Promise<void> {
  for (const { bundle, entry, apart } of PROGRAMS) {
    await build({ ...COMMON, entryPoints: { [bundle]: entry }, format: 'esm', plugins: [LAZY_BUILTINS, keptApart(apart)], banner: { js: BANNER }, sourcemap: 'linked' });
  }
  await build({ ...COMMON, entryPoints: THREADS, format: 'esm', plugins: [LAZY_BUILTINS], banner: { js: BANNER }, sourcemap: 'linked' });
  await build({ ...COMMON, entryPoints: { ...Object.fromEntries(APART.map((name) => [name, name])), ...SOURCES_APART }, format: 'cjs', outExtension: { '.js': '.cjs' }, minifyIdentifiers: true });
}

function isLoader(file: string): boolean {
  return PROGRAMS.some(({ loader }) => loader === file);
}

// Bundles the CLI and the daemon into dist/, each behind a loader that switches Node's compile cache on first.
import { build, type Plugin } from 'esbuild';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');
const PROGRAMS = [
  { loader: 'minik.js', bundle: 'cli', entry: 'src/cli/main.ts' },
  { loader: 'minikd.js', bundle: 'daemon', entry: 'src/daemon/main.ts' },
] as const;

/** CommonJS dependencies inside the bundle still ask for Node's own modules through require. */
const BANNER = `import { createRequire as createRequire_ } from 'node:module';
const require = createRequire_(import.meta.url);`;

/** Compiled code is kept beside the bundle; where that is read-only Node's default place is tried. */
const loaderText = (bundle: string): string => `// Starts ./${bundle}.js with the compile cache on.
import module from 'node:module';
import { join } from 'node:path';
const { FAILED } = module.constants.compileCacheStatus;
if (module.enableCompileCache(join(import.meta.dirname, '.compile-cache')).status === FAILED) module.enableCompileCache();
await import('./${bundle}.js');
`;

/**
 * An import statement reads every property of a module of Node's, also those that load something big when read: with
 * node:http that is Node's fetch, 30 ms and 13 MB for nothing. Asking for the module itself does not.
 */
const LAZY_BUILTINS: Plugin = {
  name: 'lazy-builtins',
  setup(builder) {
    builder.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'builtin' }));
    builder.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: path === 'node:util' ? LAZY_UTIL : `module.exports = process.getBuiltinModule('${path}');`,
    }));
  },
};

/** Of node:util even asking whether a property exists loads what is behind it; behind getters nobody asks. */
const LAZY_UTIL = `const util = process.getBuiltinModule('node:util');
for (const name of Object.keys(util)) Object.defineProperty(exports, name, { get: () => util[name], enumerable: true });`;

/** Made aside and moved in, so that a program started meanwhile never reads half a file. */
const STAGING = join(DIST, `.staging-${process.pid}`);

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
function bundlePrograms(): Promise<unknown> {
  return build({
    absWorkingDir: ROOT,
    entryPoints: Object.fromEntries(PROGRAMS.map((program) => [program.bundle, program.entry])),
    outdir: STAGING,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    // Its binary is found relative to its own package.
    external: ['better-sqlite3'],
    plugins: [LAZY_BUILTINS],
    banner: { js: BANNER },
    sourcemap: 'linked',
    legalComments: 'linked',
    logLevel: 'warning',
  });
}

function isLoader(file: string): boolean {
  return PROGRAMS.some(({ loader }) => loader === file);
}

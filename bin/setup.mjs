#!/usr/bin/env node
// Makes a bare clone ready to run, with whatever Node (18 or newer) is there: dependencies, Node 24, the build; with
// --docker a Docker Engine too, with --image the sample image. Says one line for each thing it does; silent otherwise.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './setup-lock.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MODULES = join(ROOT, 'node_modules');
const NODE_24 = join(MODULES, '.bin', 'node');
/** Remembers which lock file the installed dependencies came from. */
const MARKER = join(MODULES, '.minik-setup');

class SetupError extends Error {}

async function main(args) {
  const wanted = new Set(args);
  for (const arg of wanted) if (arg !== '--docker' && arg !== '--image') throw new SetupError(`unknown option "${arg}"`);
  const key = createHash('sha256').update(ROOT).digest('hex').slice(0, 12);
  await withLock(`minik-setup-${key}`, say, () => {
    installDependencies();
    checkNode();
    build();
  });
  if (wanted.size > 0) run(NODE_24, [join(ROOT, 'bin/setup-engine.ts'), ...wanted], { stdio: 'inherit' });
}

function installDependencies() {
  const lock = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
  const fingerprint = createHash('sha256').update(lock).digest('hex');
  if (existsSync(MARKER) && readFileSync(MARKER, 'utf8') === fingerprint) return;
  if (!matchesLock(lock)) {
    say('installing dependencies with npm');
    const options = ['--no-audit', '--no-fund', '--loglevel=error'];
    const clean = !existsSync(MODULES) && tryNpm(['ci', ...options]);
    // `npm install` copes with a lock that lacks some platform's optional package, and keeps what is already there.
    if (!clean) npm(['install', '--no-save', ...options]);
  }
  writeFileSync(MARKER, fingerprint);
}

/** Whether what npm installed before (by whomever) is what the lock asks for; optional packages may be missing. */
function matchesLock(lockText) {
  const installedLock = join(MODULES, '.package-lock.json');
  if (!existsSync(installedLock)) return false;
  const installed = JSON.parse(readFileSync(installedLock, 'utf8')).packages ?? {};
  return Object.entries(JSON.parse(lockText).packages ?? {}).every(
    ([path, entry]) =>
      path === '' || installed[path]?.version === entry.version || (entry.optional && installed[path] === undefined),
  );
}

/** The dependency "node" brings Node 24 by an install script, which an npm that runs no scripts leaves out. */
function checkNode() {
  if (nodeMajor() >= 24) return;
  say('fetching Node 24');
  tryNpm(['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error']);
  if (nodeMajor() >= 24) return;
  throw new SetupError(`${NODE_24} is not Node 24 or newer; remove node_modules and run this again`);
}

function nodeMajor() {
  const { stdout } = spawnSync(NODE_24, ['--version'], { encoding: 'utf8' });
  return Number(/^v(\d+)/.exec(stdout ?? '')?.[1] ?? 0);
}

function build() {
  const outputs = ['minik.js', 'minikd.js'].map((name) => join(ROOT, 'dist', name));
  const built = Math.min(...outputs.map((path) => (existsSync(path) ? statSync(path).mtimeMs : 0)));
  const inputs = ['src', 'package.json', 'bin/build.ts'].map((path) => newestChange(join(ROOT, path)));
  if (built >= Math.max(...inputs)) return;
  say('building dist/');
  run(NODE_24, [join(ROOT, 'bin/build.ts')], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Folders count too: a removed file leaves no other trace. */
function newestChange(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

function npm(args) {
  if (!tryNpm(args, 'inherit')) throw new SetupError(`"npm ${args[0]}" failed; see above`);
}

/** Through the npm that runs this script, if any, else the one on the path. */
function tryNpm(args, output = 'ignore') {
  const { npm_execpath: self } = process.env;
  const viaNode = self !== undefined && /npm-cli\.[cm]?js$/.test(self);
  const [program, before] = viaNode ? [process.execPath, [self]] : ['npm', []];
  const { status, error } = spawnSync(program, [...before, ...args], { cwd: ROOT, stdio: ['ignore', 'ignore', output] });
  if (error?.code === 'ENOENT') throw new SetupError('npm is not installed; it comes with Node from https://nodejs.org');
  return status === 0;
}

function run(program, args, options) {
  const { status, error } = spawnSync(program, args, { cwd: ROOT, ...options });
  if (error) throw new SetupError(`cannot run ${program}: ${error.message}`);
  // The program has said what is wrong.
  if (status !== 0) process.exit(status ?? 1);
}

function say(line) {
  process.stderr.write(`setup: ${line}\n`);
}

main(process.argv.slice(2)).catch((error) => {
  say(error instanceof SetupError ? error.message : error.stack);
  process.exit(1);
});

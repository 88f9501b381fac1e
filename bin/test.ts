// Runs the type check and every test, then prints the real totals as the last line: "N passed, N failed".
// Arguments are paths or patterns of tests, to run those only.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Group {
  readonly name: string;
  /** Arguments of jest that select and order the group's tests. */
  readonly args: readonly string[];
  readonly limitMinutes: number;
}

interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const ROOT = join(import.meta.dirname, '..');
/** These share one engine, and some measure time: one file after the other. */
const WITH_DOCKER = '/test/(docker|e2e)/';
const GROUPS: readonly Group[] = [
  { name: 'unit', args: [`--testPathIgnorePatterns=${WITH_DOCKER}`], limitMinutes: 10 },
  { name: 'docker', args: ['--runInBand', `--testPathIgnorePatterns=^((?!${WITH_DOCKER}).)*$`], limitMinutes: 20 },
];

const scratch = await mkdtemp(join(tmpdir(), 'minik-test-'));
try {
  process.exitCode = await runAll(process.argv.slice(2));
} finally {
  await rm(scratch, { recursive: true, force: true });
}

async function runAll(patterns: readonly string[]): Promise<number> {
  const typesAreRight = (await run('node_modules/.bin/tsc', ['--noEmit'], 5)) === 0;
  if (!typesAreRight) console.log('The type check failed: it counts as one failed test.');
  const totals: Totals[] = [{ passed: 0, failed: typesAreRight ? 0 : 1, skipped: 0 }];
  for (const group of GROUPS) totals.push(await runGroup(group, patterns));
  const sum = (pick: (each: Totals) => number): number => totals.reduce((total, each) => total + pick(each), 0);
  const [passed, failed, skipped] = [sum((each) => each.passed), sum((each) => each.failed), sum((each) => each.skipped)];
  if (skipped > 0) console.log(`${skipped} skipped`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

async function runGroup(group: Group, patterns: readonly string[]): Promise<Totals> {
  const outputFile = join(scratch, `${group.name}.json`);
  const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  const options = ['--passWithNoTests', '--json', `--outputFile=${outputFile}`, ...group.args];
  // Patterns first: jest would take them for more of the last option's values.
  const code = await run(process.execPath, [...jest, ...patterns, ...options], group.limitMinutes);
  const totals = await readTotals(outputFile);
  // A crash or a time limit leaves no result, or an exit code that no test accounts for.
  if (code !== 0 && totals.failed === 0) return { ...totals, failed: 1 };
  return totals;
}

async function readTotals(path: string): Promise<Totals> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: 0, skipped: 0 };
  const result = JSON.parse(text) as Record<string, number>;
  const count = (name: string): number => result[name] ?? 0;
  return {
    passed: count('numPassedTests'),
    // A file that cannot even be loaded has no tests to count.
    failed: count('numFailedTests') + count('numRuntimeErrorTestSuites'),
    skipped: count('numPendingTests') + count('numTodoTests'),
  };
}

/** The exit code; null when it had to be ended at the limit. Its JSON report goes to a file, so stdout is not needed. */
function run(program: string, args: readonly string[], limitMinutes: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const stdout = args.includes('--json') ? 'ignore' : 'inherit';
    const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', stdout, 'inherit'] });
    const limit = setTimeout(() => {
      console.log(`${program} did not end within ${limitMinutes} minutes`);
      child.kill('SIGKILL');
    }, limitMinutes * 60_000);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(limit);
      resolve(code);
    });
  });
}

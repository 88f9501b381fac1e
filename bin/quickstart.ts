// A guided first run, once the set-up is done: a Job with parallelism through minik's own CLI, each command shown as typed.
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const ROOT = join(import.meta.dirname, '..');
const MINIK = join(ROOT, 'bin/minik');
const JOB = 'quickstart';
/** Far more than six short tasks take, so that a machine under load is no failure. */
const LIMIT = '180s';

async function tour(): Promise<number> {
  say('1. Start the daemon: a small Kubernetes control plane, on this machine, in the background.');
  await minik('start');
  say('2. Apply a Job of six tasks, three at a time; each becomes a Docker container.');
  // A Job cannot be run twice: that of an earlier tour makes room.
  await quietly('delete', 'job', JOB, '--ignore-not-found', '--cascade=foreground');
  await minik('apply', '-f', 'fixtures/quickstart.yaml');
  say('3. Watch it progress.');
  const finished = await watchUntilFinished();
  say('4. Read the logs of all its pods.');
  await minik('logs', `job/${JOB}`, '--tail=-1');
  say('5. See what is there.');
  await minik('get', 'jobs,pods');
  if (finished !== 0) {
    say(`The Job did not complete. "bin/minik describe job ${JOB}" and "bin/minik events" say why.`);
    return 1;
  }
  say(NEXT);
  return 0;
}

const NEXT = `Done. Try next:
  bin/minik describe job ${JOB}
  bin/minik run -i hello --image=busybox --restart=OnFailure --command -- echo hello
  bin/minik apply -f fixtures/seeds/hello-world-job.yaml && bin/minik wait --for=finished job --all
  export KUBECONFIG=$(bin/minik kubeconfig --path)   # kubectl and helm work, too
  bin/minik stop                                     # ends the daemon; "reset" removes everything it made`;

/** The table grows as the Job does; the wait beside it says when and how it ended. */
async function watchUntilFinished(): Promise<number> {
  const args = ['get', 'job', JOB, '--watch'];
  console.log(`$ minik ${args.join(' ')}`);
  const watch = start(args, 'pipe');
  if (watch.stdout !== null) void printNews(watch.stdout);
  try {
    return await ended(start(['wait', '--for=finished', `job/${JOB}`, `--timeout=${LIMIT}`], 'ignore'));
  } finally {
    watch.kill('SIGTERM');
    await ended(watch);
  }
}

/** Of lines that differ in nothing but the time that has passed the first is enough. */
async function printNews(table: Readable): Promise<void> {
  let last = '';
  for await (const line of createInterface({ input: table })) {
    const news = line.split(/\s+/).slice(0, 3).join(' ');
    if (news !== last) console.log(line);
    last = news;
  }
}

async function minik(...args: readonly string[]): Promise<void> {
  console.log(`$ minik ${args.join(' ')}`);
  const code = await ended(start(args));
  if (code !== 0) process.exit(code);
}

async function quietly(...args: readonly string[]): Promise<void> {
  const code = await ended(start(args, 'ignore'));
  if (code !== 0) process.exit(code);
}

function start(args: readonly string[], stdout: 'inherit' | 'ignore' | 'pipe' = 'inherit'): ChildProcess {
  return spawn(MINIK, args, { cwd: ROOT, stdio: ['ignore', stdout, 'inherit'] });
}

function ended(child: ChildProcess): Promise<number> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function say(text: string): void {
  console.log(`\n${text}`);
}

process.exitCode = await tour();

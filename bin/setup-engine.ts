// The part of the set-up that needs Docker: --docker finds an engine or starts one, --image makes sure of busybox.
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../src/base/clock.ts';
import { silentLogger } from '../src/base/log.ts';
import { RuntimeError } from '../src/kubelet/runtime/container-runtime.ts';
import { createDockerRuntime, type DockerRuntime } from '../src/kubelet/runtime/docker/docker-runtime.ts';
import { findEngine, type Endpoint } from '../src/kubelet/runtime/docker/endpoint.ts';
import { ensureNetworkPrograms } from './network-programs.ts';
import { busyboxImage, importImage } from './offline-image.ts';
import { withLock } from './setup-lock.mjs';
import { bringUpEngine, SetupError } from './start-engine.ts';

const SAMPLE_IMAGE = 'busybox:latest';
/** Where no registry can be reached, some networks refuse at once and others say nothing at all. */
const PULL_LIMIT_MS = 8000;

try {
  await setUp(new Set(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof SetupError || error instanceof RuntimeError)) throw error;
  say(error.message);
  process.exitCode = 1;
}

async function setUp(wanted: ReadonlySet<string>): Promise<void> {
  const endpoint = await findEngine(process.env);
  const runtime = createDockerRuntime({ endpoint, clusterId: 'setup', clock: systemClock, log: silentLogger });
  try {
    await withLock('minik-setup-engine', say, async () => {
      if (wanted.has('--docker')) {
        await ensureEngine(runtime, endpoint);
        ensureNetworkPrograms(say);
      }
      if (wanted.has('--image')) await ensureSampleImage(runtime, endpoint);
    });
  } finally {
    runtime.close();
  }
}

async function ensureEngine(runtime: DockerRuntime, endpoint: Endpoint): Promise<void> {
  const problem = await problemOf(runtime);
  if (problem === undefined) return;
  const answers = async (): Promise<boolean> => (await problemOf(runtime)) === undefined;
  await bringUpEngine({ endpoint, problem, answers, delay: (ms) => delay(ms), say });
}

async function problemOf(runtime: DockerRuntime): Promise<string | undefined> {
  try {
    await runtime.version();
    return undefined;
  } catch (error) {
    if (error instanceof RuntimeError) return error.message;
    throw error;
  }
}

async function ensureSampleImage(runtime: DockerRuntime, endpoint: Endpoint): Promise<void> {
  if ((await runtime.image(SAMPLE_IMAGE)) !== undefined) return;
  say(`pulling ${SAMPLE_IMAGE}`);
  try {
    await runtime.pull(SAMPLE_IMAGE, { signal: AbortSignal.timeout(PULL_LIMIT_MS) });
  } catch (error) {
    const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
    if (!timedOut && !(error instanceof RuntimeError)) throw error;
    say(`no registry answers: building ${SAMPLE_IMAGE} from the system's busybox`);
    await importImage(endpoint, busyboxImage(SAMPLE_IMAGE));
  }
}

function say(line: string): void {
  process.stderr.write(`setup: ${line}\n`);
}

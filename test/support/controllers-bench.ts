// The real Job and CronJob controllers over the real API, with a kubelet on the fake runtime and a virtual clock: what they
// tell, in order. For integration tests.
import type { Job } from '../../src/api/generated/types.ts';
import { CRON_JOBS, EVENTS, EVENTS_V1, JOBS, PODS, RESOURCES, type Resource } from '../../src/api/kinds.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { silentLogger } from '../../src/base/log.ts';
import type { EventRecorder } from '../../src/client/event-recorder-contract.ts';
import { createCronJobController } from '../../src/controllers/cronjob/cron-job-controller.ts';
import { createGarbageController } from '../../src/controllers/garbage/garbage-controller.ts';
import { createJobController, createOrphanPodController } from '../../src/controllers/job/job-controller.ts';
import { createTtlController } from '../../src/controllers/ttl-after-finished/ttl-controller.ts';
import { startControllers, type RunningControllers } from '../../src/controllers/runtime/run-controllers.ts';
import { startInformers, type Informers } from '../../src/daemon/informers.ts';
import { KubeletBench } from './kubelet-bench.ts';
import { settle, soon } from './virtual-clock.ts';

export { NODE } from './kubelet-bench.ts';

export interface Told {
  /** Milliseconds since the epoch, on the virtual clock. */
  readonly at: number;
  readonly kind: string;
  readonly name: string;
  readonly reason: string;
  readonly message: string;
}

const COLLECTED = RESOURCES.filter((row) => row !== (EVENTS as Resource) && row !== (EVENTS_V1 as Resource));
/** Nothing was written for so many looks in a row: everybody has done what there is to do. */
const QUIET_LOOKS = 5;

export class ControllersBench {
  readonly kubelet: KubeletBench;
  readonly told: Told[] = [];
  readonly #informers: Informers;
  readonly #controllers: RunningControllers;
  /** Containers that the kubelet has to stop, or had to. */
  readonly #stopping = new Set<string>();

  private constructor(kubelet: KubeletBench, informers: Informers) {
    const { clock, api } = kubelet;
    const { client } = api;
    this.kubelet = kubelet;
    this.#informers = informers;
    const began = clock.now();
    const recorder: EventRecorder = {
      event: ({ kind = '', metadata }, { reason, message }) => void this.told.push({ at: clock.now(), kind, name: metadata?.name ?? '', reason, message }),
    };
    const [jobs, pods] = [informers.of(JOBS), informers.of(PODS)];
    this.#controllers = startControllers(
      [
        createJobController({ client, jobs, pods, recorder, clock }),
        createOrphanPodController({ client, jobs, pods }),
        createCronJobController({ client, cronJobs: informers.of(CRON_JOBS), jobs, recorder, clock, awakeSince: () => began }),
        createTtlController({ client, jobs, clock }),
        createGarbageController({ client, informers: informers.all }),
      ],
      { clock, log: silentLogger },
    );
  }

  static async start(): Promise<ControllersBench> {
    const kubelet = await KubeletBench.start();
    const informers = startInformers({ client: kubelet.api.client, resources: COLLECTED, clock: kubelet.clock, log: silentLogger });
    await informers.synced;
    return new ControllersBench(kubelet, informers);
  }

  async close(): Promise<void> {
    await this.#controllers.stop();
    await this.#informers.stop();
    await this.kubelet.close();
  }

  async create<T extends KubeObject>(resource: Resource<T>, object: T): Promise<T> {
    const created = await this.kubelet.api.client.create(resource, object);
    await this.quiet();
    return created;
  }

  job(name: string): Promise<Job> {
    return this.kubelet.api.client.get(JOBS, { namespace: 'default', name });
  }

  /** Moves the clock on, and waits at each of its timers until everybody has reacted. */
  async advance(ms: number): Promise<void> {
    const { clock } = this.kubelet;
    for (let left = ms; ; ) {
      const next = clock.waits[0];
      const step = Math.max(next === undefined ? left : Math.min(next, left), 0);
      await clock.advance(step);
      await this.quiet();
      left -= step;
      if (left <= 0 && (clock.waits[0] ?? 1) > 0) return;
    }
  }

  /** Until nobody has written for a while and the kubelet has told of all that its containers did. */
  async quiet(): Promise<void> {
    const { store } = this.kubelet.api;
    await soon('everybody has reacted', async () => {
      const before = store.revision;
      for (let look = 0; look < QUIET_LOOKS; look += 1) {
        await settle();
        if (store.revision !== before) return false;
      }
      return this.#isTold();
    });
  }

  async #isTold(): Promise<boolean> {
    const { runtime, api } = this.kubelet;
    const running = runtime.containers.filter(({ phase, identity }) => phase === 'running' && identity.container === 'main');
    const { items } = await api.client.list(PODS, { namespace: 'default' });
    const isTold = items.every(({ metadata, status }) => {
      if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return metadata?.deletionTimestamp === undefined;
      const container = running.find(({ identity }) => identity.podUid === metadata?.uid);
      if (container !== undefined && metadata?.deletionTimestamp !== undefined) this.#stopping.add(container.id);
      const [main] = status?.containerStatuses ?? [];
      if (main?.state?.waiting?.reason === 'CrashLoopBackOff') return metadata?.deletionTimestamp === undefined;
      return main?.state?.running !== undefined && container !== undefined && main.containerID?.endsWith(container.id) === true;
    });
    return isTold && runtime.calls.filter((call) => call === 'stop').length >= this.#stopping.size;
  }
}

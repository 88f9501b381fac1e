// CronJobs and Jobs over the real API and the real controllers, on a virtual clock; the test plays the kubelet, and the machine
// can sleep.
import type { CronJob, Job, Pod } from '../../src/api/generated/types.ts';
import { CRON_JOBS, EVENTS, EVENTS_V1, JOBS, PODS, RESOURCES, type Resource } from '../../src/api/kinds.ts';
import { silentLogger } from '../../src/base/log.ts';
import { watchWake, type WakeWatch } from '../../src/base/wake.ts';
import type { Client } from '../../src/client/client.ts';
import { BackgroundEventRecorder } from '../../src/client/event-recorder.ts';
import { createCronJobController } from '../../src/controllers/cronjob/cron-job-controller.ts';
import { createGarbageController } from '../../src/controllers/garbage/garbage-controller.ts';
import { createJobController, createOrphanPodController } from '../../src/controllers/job/job-controller.ts';
import { startControllers, type RunningControllers } from '../../src/controllers/runtime/run-controllers.ts';
import { startInformers, type Informers } from '../../src/daemon/informers.ts';
import { startApi, type TestApi } from './api.ts';
import { SleepyClock } from './sleepy-clock.ts';
import { settle, soon } from './virtual-clock.ts';

const FOLLOWED = RESOURCES.filter((row) => row !== (EVENTS as Resource) && row !== (EVENTS_V1 as Resource));
/** Nothing was written for so many looks in a row: everybody has done what there is to do. */
const QUIET_LOOKS = 4;

export class CronBench {
  readonly clock: SleepyClock;
  readonly api: TestApi;
  #informers!: Informers;
  #controllers!: RunningControllers;
  #wake!: WakeWatch;
  #recorders: BackgroundEventRecorder[] = [];

  private constructor(clock: SleepyClock, api: TestApi) {
    this.clock = clock;
    this.api = api;
  }

  static async start(): Promise<CronBench> {
    const clock = new SleepyClock();
    const bench = new CronBench(clock, await startApi({ clock }));
    await bench.startControllers();
    return bench;
  }

  /** `client`: what the CronJob controller writes through. */
  async startControllers(client: Client = this.api.client): Promise<void> {
    const { clock, api } = this;
    this.#informers = startInformers({ client: api.client, resources: FOLLOWED, clock, log: silentLogger });
    await this.#informers.synced;
    const recorder = (component: string) => {
      const made = new BackgroundEventRecorder({ client: api.client, clock, log: silentLogger, component });
      this.#recorders.push(made);
      return made;
    };
    const [cronJobs, jobs, pods] = [this.#informers.of(CRON_JOBS), this.#informers.of(JOBS), this.#informers.of(PODS)];
    const wake = watchWake(clock);
    this.#wake = wake;
    this.#controllers = startControllers(
      [
        createCronJobController({ client, cronJobs, jobs, recorder: recorder('cronjob-controller'), clock, awakeSince: wake.awakeSince }),
        createJobController({ client: api.client, jobs, pods, recorder: recorder('job-controller'), clock }),
        createOrphanPodController({ client: api.client, jobs, pods }),
        createGarbageController({ client: api.client, informers: this.#informers.all }),
      ],
      { clock, log: silentLogger },
    );
    await this.quiet();
  }

  async stopControllers(): Promise<void> {
    this.#wake.stop();
    await this.#controllers.stop();
    await Promise.all(this.#recorders.splice(0).map((recorder) => recorder.flush()));
    await this.#informers.stop();
  }

  /** Controllers whose client never answers from some moment on, and that are then no more: as good as a kill. */
  async dieWith(client: Client, live: () => Promise<void>): Promise<void> {
    await this.startControllers(client);
    await live();
    // Workers that hang do so for ever: nobody waits for them.
    void this.#controllers.stop();
    this.#wake.stop();
    await Promise.all(this.#recorders.splice(0).map((recorder) => recorder.flush()));
    await this.#informers.stop();
  }

  async close(): Promise<void> {
    await this.stopControllers();
    await this.api.close();
  }

  /** Awake: timers fire on the way, and everybody reacts to each. */
  async advance(ms: number): Promise<void> {
    const { awake } = this.clock;
    for (let left = ms; left > 0; ) {
      const step = Math.min(Math.max(awake.waits[0] ?? left, 1), left);
      await awake.advance(step);
      left -= step;
      await this.quiet();
    }
  }

  async create(name: string, spec: Partial<CronJob['spec']> = {}): Promise<CronJob> {
    const template = { metadata: { labels: { run: name } }, spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox:1' }] } };
    const cronJob: CronJob = { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name, namespace: 'default' }, spec: { schedule: '* * * * *', jobTemplate: { spec: { template } }, ...spec } };
    const created = await this.api.client.create(CRON_JOBS, cronJob);
    await this.quiet();
    return created;
  }

  async patch(name: string, body: unknown): Promise<void> {
    await this.api.client.patch(CRON_JOBS, { namespace: 'default', name }, { type: 'merge', body });
    await this.quiet();
  }

  cronJob(name: string): Promise<CronJob> {
    return this.api.client.get(CRON_JOBS, { namespace: 'default', name });
  }

  async jobs(): Promise<readonly Job[]> {
    return (await this.api.client.list(JOBS, { namespace: 'default' })).items;
  }

  async jobNames(): Promise<readonly string[]> {
    return (await this.jobs()).map(({ metadata }) => metadata?.name ?? '').sort();
  }

  async activeNames(name: string): Promise<readonly string[]> {
    return ((await this.cronJob(name)).status?.active ?? []).map((reference) => reference.name ?? '');
  }

  /** The kubelet's part: all Pods that are there end. */
  async endPods(phase: 'Succeeded' | 'Failed' = 'Succeeded'): Promise<void> {
    const { items } = await this.api.client.list(PODS, { namespace: 'default' });
    for (const pod of items.filter(({ status }) => status?.phase === 'Pending')) await this.api.client.updateStatus(PODS, { ...pod, status: { ...pod.status, phase } } as Pod);
    await this.quiet();
  }

  /** "SuccessfulCreate: Created job x", each with how often when that is more than once. */
  async events(kind = 'CronJob'): Promise<readonly string[]> {
    await Promise.all(this.#recorders.map((recorder) => recorder.flush()));
    const { items } = await this.api.client.list(EVENTS, { namespace: 'default' });
    return items.filter(({ involvedObject }) => involvedObject.kind === kind).map(({ reason, message, count = 1 }) => `${reason}: ${message}${count > 1 ? ` (x${count})` : ''}`);
  }

  async quiet(): Promise<void> {
    const { store } = this.api;
    await soon('everybody has reacted', async () => {
      const before = store.revision;
      for (let look = 0; look < QUIET_LOOKS; look += 1) {
        await settle(5);
        if (store.revision !== before) return false;
      }
      return true;
    });
  }
}

// Shows the log of every run of every container of a Job, each once and whole, also across a restart of the daemon.
import { PODS, resourcePath } from '../../api/kinds.ts';
import { StatusError } from '../../api/status-error.ts';
import { sleep, type Clock } from '../../base/clock.ts';
import { createAttemptReader } from '../../client/attempts.ts';
import type { Client } from '../../client/client.ts';
import { readChunks } from '../../client/response-body.ts';
import type { RunDisplay } from './display.ts';
import { LineSplitter } from './line-splitter.ts';
import { attemptKey, observePod, type ContainerAttempt, type PodRun } from './pod-run.ts';

const RETRY_MS = 200;
/** How often a log that the server says it cannot give is asked for again. */
const REFUSALS = 10;

export interface AttemptLogsOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly display: RunDisplay;
  readonly namespace: string;
  /** Lines go with "[pod/x/main] " before them. */
  readonly withPrefix: boolean;
  /** False: logs are read for the report only. */
  readonly shows: boolean;
}

interface Source {
  readonly pod: PodRun;
  readonly attempt: ContainerAttempt;
}

export class AttemptLogs {
  readonly #options: AttemptLogsOptions;
  readonly #signal: AbortSignal;
  readonly #splitters = new Map<string, LineSplitter>();
  /** By pod and container: a run's log comes after that of the run before. */
  readonly #chains = new Map<string, Promise<void>>();

  constructor(options: AttemptLogsOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
  }

  /** Starts on those runs of the Pod's containers that it has not seen yet. */
  follow(pod: PodRun): void {
    for (const attempt of pod.attempts) {
      const key = attemptKey(pod, attempt);
      if (this.#splitters.has(key)) continue;
      const splitter = new LineSplitter();
      this.#splitters.set(key, splitter);
      const chain = `${pod.uid}/${attempt.container}`;
      const before = this.#chains.get(chain) ?? Promise.resolve();
      this.#chains.set(chain, before.then(() => this.#show({ pod, attempt }, splitter)));
    }
  }

  /** Resolves when every log has been read to its end; false when that took longer than `limitMs`. */
  async drain(limitMs: number): Promise<boolean> {
    const all = Promise.all(this.#chains.values()).then(() => true);
    const late = sleep(this.#options.clock, limitMs, this.#signal).then(
      () => false,
      () => false,
    );
    return Promise.race([all, late]);
  }

  lastLines(): ReadonlyMap<string, readonly string[]> {
    return new Map([...this.#splitters].filter(([, { lastLines }]) => lastLines.length > 0).map(([key, { lastLines }]) => [key, lastLines]));
  }

  async #show(source: Source, splitter: LineSplitter): Promise<void> {
    for (let refusals = 0; !this.#signal.aborted && refusals < REFUSALS; ) {
      try {
        if (await this.#read(source, splitter)) break;
      } catch (error) {
        if (this.#signal.aborted) break;
        if (error instanceof StatusError) refusals += 1;
      }
      await sleep(this.#options.clock, RETRY_MS, this.#signal).catch(() => {});
    }
    await this.#print(source, splitter.end()).catch(() => {});
  }

  /** True when there is no more to come. */
  async #read({ pod, attempt }: Source, splitter: LineSplitter): Promise<boolean> {
    const place = await this.#find({ pod, attempt });
    if (place === 'lost') return this.#readArchived({ pod, attempt }, splitter);
    const { client, namespace } = this.#options;
    const cancel = new AbortController();
    const { body } = await client.request({
      path: resourcePath(PODS, { namespace, name: pod.name, subresource: 'log' }),
      query: { container: attempt.container, ...(place === 'previous' ? { previous: 'true' } : { follow: 'true' }) },
      signal: AbortSignal.any([this.#signal, cancel.signal]),
    });
    // The container may have been started again in between: then this is the log of that run.
    const after = await this.#find({ pod, attempt });
    if ((after === 'previous') !== (place === 'previous')) {
      cancel.abort();
      return after === 'lost';
    }
    await this.#printAll({ pod, attempt }, splitter, readChunks(body));
    // A daemon that stops ends the log of a container that runs on.
    return place !== 'running' || (await this.#find({ pod, attempt })) !== 'running';
  }

  /** Always true: what was not kept will not come. */
  async #readArchived({ pod, attempt }: Source, splitter: LineSplitter): Promise<boolean> {
    const chunks = createAttemptReader(this.#options.client).chunks({ podUid: pod.uid, container: attempt.container, restart: attempt.restart }, { signal: this.#signal });
    await this.#printAll({ pod, attempt }, splitter, chunks).catch((error: unknown) => {
      if (!(error instanceof StatusError)) throw error;
    });
    return true;
  }

  /** What came before a broken connection comes again. */
  async #printAll(source: Source, splitter: LineSplitter, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    let skip = splitter.received;
    for await (const chunk of chunks) {
      const fresh = chunk.subarray(Math.min(skip, chunk.length));
      skip -= chunk.length - fresh.length;
      await this.#print(source, splitter.push(fresh));
    }
  }

  /** Where the server has this run: its log can only be asked for by being the newest one or the one before. */
  async #find({ pod, attempt }: Source): Promise<'running' | 'ended' | 'previous' | 'lost'> {
    const { client, namespace } = this.#options;
    const now = await client.get(PODS, { namespace, name: pod.name }).catch((error: unknown) => {
      if (error instanceof StatusError) return undefined;
      throw error;
    });
    if (now === undefined || now.metadata?.uid !== pod.uid) return 'lost';
    const runs = observePod(undefined, now).attempts.filter(({ container }) => container === attempt.container);
    const at = runs.findIndex(({ containerID, restart }) => (attempt.containerID === '' ? restart === attempt.restart : containerID === attempt.containerID));
    if (at < 0) return 'lost';
    if (at < runs.length - 1) return 'previous';
    return runs[at]!.exitCode === undefined ? 'running' : 'ended';
  }

  async #print({ pod, attempt }: Source, lines: readonly string[]): Promise<void> {
    if (lines.length === 0 || !this.#options.shows) return;
    const prefix = this.#options.withPrefix ? `[pod/${pod.name}/${attempt.container}] ` : '';
    await this.#options.display.log(lines.map((line) => `${prefix}${line}\n`).join(''));
  }
}

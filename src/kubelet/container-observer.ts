// What one Pod's loop knows of its containers, kept true: adopted at the start, told by events, asked for where those do
// not say enough, listed anew when anything may have happened.
import { CALL_LIMIT_MS, type ActionScope } from './action-scope.ts';
import { within } from './call-deadline.ts';
import type { KubeletContext } from './kubelet-context.ts';
import { keepLastAddress } from './last-address.ts';
import type { LostRuns } from './lost-runs.ts';
import { MemoryKills } from './memory-kills.ts';
import type { PodRecord } from './pod-record.ts';
import type { ContainerState, RuntimeEvent } from './runtime/container-runtime.ts';
import { tellStarted } from './start-container.ts';
import { readTerminationMessage } from './termination-message.ts';

export type ContainerEvent = Extract<RuntimeEvent, { readonly type: 'container' }>;

export interface ObserverOptions {
  readonly context: KubeletContext;
  readonly record: PodRecord;
  /** What the runtime has of the Pod to begin with. */
  readonly adopted: readonly ContainerState[];
  readonly lostRuns: LostRuns;
  readonly inBackground: (work: Promise<void>) => void;
  readonly scope: () => ActionScope;
}

export class ContainerObserver {
  readonly #options: ObserverOptions;
  readonly #memoryKills: MemoryKills;
  readonly #adopted: ContainerState[];
  readonly #stale = new Set<string>();
  /** Ends the wait for an answer about a container whose end has become known, by id. */
  readonly #ends = new Map<string, () => void>();
  #mustList = false;

  constructor(options: ObserverOptions) {
    this.#options = options;
    this.#memoryKills = new MemoryKills(options.context.clock);
    this.#adopted = [...options.adopted];
  }

  /**
   * Takes over what the event tells; whether the loop has to look again. What we do ourselves is read back anyway: only what
   * others do, and how containers end, is news. `isBusy`: the loop is in a step.
   */
  notice({ containerId: id, action, atMs, exitCode }: ContainerEvent, { isBusy }: { readonly isBusy: boolean }): boolean {
    const { record, inBackground } = this.#options;
    const known = record.containers.get(id);
    if (action === 'create') return false;
    if (action === 'oom') this.#memoryKills.notice(id);
    if (action === 'start' && known?.phase === 'created') record.containers.set(id, { ...known, startedAt: atMs });
    if (action === 'start' && (known?.phase === 'running' || isBusy)) return false;
    if (action === 'die' && exitCode === 0 && known !== undefined && known.startedAt > 0) {
      inBackground(this.#ended({ ...known, phase: 'exited', exitCode, finishedAt: atMs, ip: '' }));
      return false;
    }
    this.#stale.add(id);
    return true;
  }

  /** Anything may have happened to the containers. */
  distrust(): void {
    this.#mustList = true;
  }

  async observe(): Promise<void> {
    for (const container of this.#adopted.splice(0)) await this.#take(container);
    if (this.#mustList) await this.#list();
    for (const id of [...this.#stale]) await this.refresh(id);
  }

  /** Reads the container again and takes over what is found. */
  async refresh(id: string): Promise<void> {
    const { clock, runtime } = this.#options.context;
    // Before asking: what happens from now on makes it stale again.
    this.#stale.delete(id);
    const ended = new Promise<'ended'>((resolve) => this.#ends.set(id, () => resolve('ended')));
    const asked = within(clock, CALL_LIMIT_MS, { what: 'inspect container', run: () => runtime.inspect(id) });
    const found = await Promise.race([asked, ended]).finally(() => this.#ends.delete(id));
    if (found === 'ended') return;
    if (found === undefined) this.#options.lostRuns.lose(id);
    else await this.#take(found);
  }

  async #list(): Promise<void> {
    const { context, record, lostRuns } = this.#options;
    const podUid = record.pod.metadata?.uid ?? '';
    this.#stale.clear();
    const found = await within(context.clock, CALL_LIMIT_MS, { what: 'list containers', run: () => context.runtime.list({ podUid }) });
    const ids = new Set(found.map(({ id }) => id));
    for (const id of record.containers.keys()) if (!ids.has(id)) lostRuns.lose(id);
    for (const container of found) await this.#take(container);
    this.#mustList = false;
  }

  /**
   * A run that ended well has nothing to tell beyond the event of its end, which comes a good while (50 ms, measured)
   * before the engine has tidied up and answers questions about the container again.
   */
  async #ended(container: ContainerState): Promise<void> {
    await this.#take(container);
    this.#ends.get(container.id)?.();
  }

  /** The message a container leaves belongs to its exit, so it is read before anybody hears of the exit. */
  async #take(seen: ContainerState): Promise<void> {
    const { context, record, scope } = this.#options;
    const isStopped = record.memory.stops.has(seen.id) || record.containers.get(seen.id)?.phase === 'exited';
    const container = await this.#memoryKills.judge(record.pod, seen, isStopped);
    const known = record.containers.get(container.id);
    // An answer that was on its way while the end became known.
    if (known?.phase === 'exited' && container.phase === 'running' && container.startedAt <= known.finishedAt) return;
    const isKnown = record.memory.terminationMessages.has(container.id);
    if (container.phase === 'exited' && !isKnown) {
      record.setTerminationMessage(container.id, await readTerminationMessage(context, record.pod, container));
    }
    record.setContainer(container);
    if (container.startedAt > 0 && record.unanswered.has(container.id)) tellStarted(scope(), container.id);
    keepLastAddress(this.#options, known, container);
  }
}

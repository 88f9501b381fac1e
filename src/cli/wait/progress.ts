// One line on a terminal that says what is being waited for; nothing where the output is not a terminal.
import type { Job, Pod } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import { summarizePod } from '../../api/pod/pod-summary.ts';
import type { Output } from '../context.ts';

export class Progress {
  readonly #output: Output;
  readonly #states = new Map<string, string>();
  #shown = false;

  constructor(output: Output) {
    this.#output = output;
  }

  show(name: string, object: KubeObject | undefined): void {
    if (!this.#output.isTerminal) return;
    this.#states.set(name, `${name}: ${object === undefined ? 'not there' : stateText(object)}`);
    const line = [...this.#states.values()].join('  ').slice(0, Math.max(this.#output.columns - 1, 20));
    this.#shown = true;
    void this.#output.write(`\r\u001b[K${line}`);
  }

  /** Takes the line away before something else is printed. */
  async clear(): Promise<void> {
    if (!this.#shown) return;
    this.#shown = false;
    await this.#output.write('\r\u001b[K');
  }

  forget(name: string): void {
    this.#states.delete(name);
  }
}

function stateText(object: KubeObject): string {
  if (object.kind === 'Job') return jobText(object as Job);
  return object.kind === 'Pod' ? summarizePod(object as Pod).status : 'waiting';
}

function jobText({ spec, status }: Job): string {
  const { active = 0, succeeded = 0, failed = 0 } = status ?? {};
  const wanted = spec?.completions === undefined ? '' : `/${spec.completions}`;
  return `${succeeded}${wanted} succeeded, ${active} active${failed > 0 ? `, ${failed} failed` : ''}`;
}

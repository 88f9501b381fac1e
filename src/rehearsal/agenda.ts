// pure: what is to happen when, in virtual time: a heap. What is due at the same time happens in the order it was put in.

export interface Due {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly run: () => void;
}

interface Entry extends Due {
  readonly order: number;
}

export class Agenda {
  readonly #heap: Entry[] = [];
  #order = 0;

  add(at: number, run: () => void): void {
    this.#heap.push({ at, run, order: (this.#order += 1) });
    this.#rise(this.#heap.length - 1);
  }

  next(): Due | undefined {
    return this.#heap[0];
  }

  /** Removes the next. */
  take(): Due | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first !== last && last !== undefined) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return first;
  }

  #rise(from: number): void {
    for (let at = from; at > 0; ) {
      const above = (at - 1) >> 1;
      if (!isBefore(this.#heap[at]!, this.#heap[above]!)) return;
      this.#swap(at, above);
      at = above;
    }
  }

  #sink(from: number): void {
    for (let at = from; ; ) {
      const left = 2 * at + 1;
      const right = left + 1;
      let first = at;
      if (left < this.#heap.length && isBefore(this.#heap[left]!, this.#heap[first]!)) first = left;
      if (right < this.#heap.length && isBefore(this.#heap[right]!, this.#heap[first]!)) first = right;
      if (first === at) return;
      this.#swap(at, first);
      at = first;
    }
  }

  #swap(a: number, b: number): void {
    [this.#heap[a], this.#heap[b]] = [this.#heap[b]!, this.#heap[a]!];
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

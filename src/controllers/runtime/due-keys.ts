// Keys that wait for a time of the wall clock: a heap by time. A key waits once; an entry that it has outgrown is dropped when
// it comes up.

interface Entry {
  readonly key: string;
  readonly due: number;
}

export class DueKeys {
  readonly #due = new Map<string, number>();
  #heap: Entry[] = [];

  get size(): number {
    return this.#due.size;
  }

  /** The earlier of two times of a key wins. */
  add(key: string, due: number): void {
    const earlier = this.#due.get(key);
    if (earlier !== undefined && earlier <= due) return;
    this.#due.set(key, due);
    this.#push({ key, due });
    // Keys that were moved leave entries behind: before they outweigh the rest, the heap is made anew.
    if (this.#heap.length > 2 * this.#due.size + 64) this.#rebuild();
  }

  drop(key: string): void {
    this.#due.delete(key);
  }

  /** The earliest time that a key waits for. */
  next(): number | undefined {
    while (this.#heap.length > 0 && this.#isStale(this.#heap[0]!)) this.#pop();
    return this.#heap[0]?.due;
  }

  /** Takes out the keys that are due, earliest first. */
  takeUntil(time: number): string[] {
    const keys: string[] = [];
    for (let due = this.next(); due !== undefined && due <= time; due = this.next()) {
      const { key } = this.#pop();
      this.#due.delete(key);
      keys.push(key);
    }
    return keys;
  }

  #isStale({ key, due }: Entry): boolean {
    return this.#due.get(key) !== due;
  }

  #rebuild(): void {
    this.#heap = [];
    for (const [key, due] of this.#due) this.#push({ key, due });
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.due <= entry.due) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): Entry {
    const heap = this.#heap;
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child + 1 < heap.length && heap[child + 1]!.due < heap[child]!.due) child += 1;
      if (child >= heap.length || heap[child]!.due >= last.due) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}

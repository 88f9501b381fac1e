// pure: bytes of a log to whole lines, from any place in it on, remembering the last ones.

/** What a report quotes of one container. */
const KEPT_LINES = 20;
const KEPT_CHARACTERS = 2_000;

export class LineSplitter {
  readonly #decoder = new TextDecoder();
  #pending = '';
  /** Bytes read so far. */
  received = 0;
  readonly lastLines: string[] = [];

  /** The whole lines that these bytes complete. */
  push(chunk: Uint8Array): string[] {
    this.received += chunk.length;
    // Only what is new is searched: a line without end must not be read over and over.
    const lines = this.#decoder.decode(chunk, { stream: true }).split('\n');
    lines[0] = this.#pending + lines[0];
    this.#pending = lines.pop() ?? '';
    this.#remember(lines);
    return lines;
  }

  /** A last line without its end is a line all the same. */
  end(): string[] {
    this.#pending += this.#decoder.decode();
    const lines = this.#pending === '' ? [] : [this.#pending];
    this.#pending = '';
    this.#remember(lines);
    return lines;
  }

  #remember(lines: readonly string[]): void {
    for (const line of lines.slice(-KEPT_LINES)) this.lastLines.push(line.length > KEPT_CHARACTERS ? `${line.slice(0, KEPT_CHARACTERS)} ...` : line);
    if (this.lastLines.length > KEPT_LINES) this.lastLines.splice(0, this.lastLines.length - KEPT_LINES);
  }
}

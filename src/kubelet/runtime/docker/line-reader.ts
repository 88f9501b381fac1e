// pure: cuts a stream of bytes into lines of text, whatever the chunks are.

export interface LineReader {
  /** The lines that `chunk` completes; empty ones are left out. */
  push(chunk: Uint8Array): readonly string[];
  /** The unfinished last line, if any. */
  rest(): readonly string[];
}

export function createLineReader(): LineReader {
  const decoder = new TextDecoder();
  let unfinished = '';
  return {
    push(chunk) {
      const lines = (unfinished + decoder.decode(chunk, { stream: true })).split('\n');
      unfinished = lines.pop() ?? '';
      return lines.filter((line) => line.trim() !== '');
    },
    rest() {
      const line = unfinished + decoder.decode();
      unfinished = '';
      return line.trim() === '' ? [] : [line];
    },
  };
}

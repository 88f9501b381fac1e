// The caller's end of an exec or attach that speaks SPDY: it opens a stream for each of error, stdin, stdout, stderr and resize.
import type { Clock } from '../../base/clock.ts';
import type { WantedStreams } from '../../api/pod/pod-streams.ts';
import type { SpdySession, SpdyStream } from '../../streams/spdy/session.ts';
import { parseTerminalSize, type RemoteEnd, type RemoteInput } from './remote-end.ts';

export interface SpdyProtocol {
  readonly name: string;
  readonly hasStatus: boolean;
  readonly hasResize: boolean;
}

/** What is spoken with one who names none is the oldest. */
export const SPDY_PROTOCOLS: readonly SpdyProtocol[] = [
  { name: 'v5.channel.k8s.io', hasStatus: true, hasResize: true },
  { name: 'v4.channel.k8s.io', hasStatus: true, hasResize: true },
  { name: 'v3.channel.k8s.io', hasStatus: false, hasResize: true },
  { name: 'v2.channel.k8s.io', hasStatus: false, hasResize: false },
  { name: 'channel.k8s.io', hasStatus: false, hasResize: false },
];

type StreamType = 'error' | 'stdin' | 'stdout' | 'stderr' | 'resize';

/** The streams as they are opened; `whole` resolves when those that the caller asked for are there. */
export class SpdyStreams {
  readonly #expected: ReadonlySet<StreamType>;
  readonly #found = new Map<StreamType, SpdyStream>();
  readonly #whole = Promise.withResolvers<ReadonlyMap<StreamType, SpdyStream>>();

  constructor(wanted: WantedStreams, { hasResize }: SpdyProtocol) {
    const types = ['stdin', 'stdout', 'stderr'] as const;
    this.#expected = new Set<StreamType>(['error', ...types.filter((type) => wanted[type]), ...(wanted.tty && hasResize ? (['resize'] as const) : [])]);
  }

  /** Throws for a stream that nobody asked for. */
  add(stream: SpdyStream): void {
    const type = stream.headers['streamtype'] as StreamType | undefined;
    if (type === undefined || !this.#expected.has(type) || this.#found.has(type)) throw new Error(`unexpected stream type: "${type}"`);
    this.#found.set(type, stream);
    if (this.#found.size === this.#expected.size) this.#whole.resolve(this.#found);
  }

  /** Undefined when they do not come in time. */
  async whole(clock: Clock, timeoutMs: number): Promise<ReadonlyMap<StreamType, SpdyStream> | undefined> {
    const late = Promise.withResolvers<undefined>();
    const timer = clock.setTimer(timeoutMs, () => late.resolve(undefined));
    try {
      return await Promise.race([this.#whole.promise, late.promise]);
    } finally {
      timer.cancel();
    }
  }
}

export interface SpdyTerms {
  readonly streams: ReadonlyMap<StreamType, SpdyStream>;
  readonly protocol: SpdyProtocol;
  readonly gone: Promise<void>;
}

export function spdyEnd(session: SpdySession, { streams, protocol, gone }: SpdyTerms): RemoteEnd {
  return {
    gone,
    input: readInput(session, streams),
    write: async (name, bytes) => streams.get(name)?.write(bytes),
    finish: async (status) => {
      const text = protocol.hasStatus ? JSON.stringify(status) : status.status === 'Success' ? '' : (status.message ?? '');
      await streams.get('error')?.write(new TextEncoder().encode(text));
      for (const name of ['stdout', 'stderr', 'error'] as const) streams.get(name)?.end();
      session.close();
    },
  };
}

/** Two streams and the end of the session, as one account. */
async function* readInput(session: SpdySession, streams: ReadonlyMap<StreamType, SpdyStream>): AsyncGenerator<RemoteInput> {
  const sources = [readStdin(streams.get('stdin')), readSizes(streams.get('resize'))].map((source) => source[Symbol.asyncIterator]());
  const over = session.closed.then(() => 'over' as const);
  const next = sources.map((source, index) => takeFrom(source, index));
  for (;;) {
    const taken = await Promise.race([over, ...next]);
    if (taken === 'over') return;
    next[taken.index] = taken.result.done === true ? new Promise(() => {}) : takeFrom(sources[taken.index]!, taken.index);
    if (taken.result.done !== true) yield taken.result.value;
  }
}

async function takeFrom(source: AsyncIterator<RemoteInput>, index: number): Promise<{ readonly index: number; readonly result: IteratorResult<RemoteInput> }> {
  return { index, result: await source.next() };
}

async function* readStdin(stream: SpdyStream | undefined): AsyncGenerator<RemoteInput> {
  if (stream === undefined) return;
  for await (const bytes of stream.bytes) yield { type: 'input', bytes };
  yield { type: 'input-ended' };
}

/** One JSON text after another, cut anywhere. */
async function* readSizes(stream: SpdyStream | undefined): AsyncGenerator<RemoteInput> {
  if (stream === undefined) return;
  let text = '';
  for await (const bytes of stream.bytes) {
    const parts = `${text}${new TextDecoder().decode(bytes)}`.split('}');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const size = parseTerminalSize(`${part}}`);
      if (size !== undefined) yield { type: 'resize', size };
    }
  }
}

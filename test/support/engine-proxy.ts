// Stands between minik and the Docker Engine, and does to single calls what networks and engines do: fails them, holds them
// up, cuts them off, loses their replies.
import { createServer, request as forwardRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export type EngineFault =
  /** A reply that is none of the engine's. */
  | { readonly type: 'status'; readonly status: number }
  /** The work is done, its reply is not heard. */
  | { readonly type: 'lost' }
  /** The reply breaks off in the middle. */
  | { readonly type: 'cut' }
  /** Nothing happens for a while; then the connection is gone. */
  | { readonly type: 'hang'; readonly ms: number }
  | { readonly type: 'slow'; readonly ms: number }
  /** The work is done, and nothing is ever heard of it. It counts as met once it is done. */
  | { readonly type: 'mute' };

interface Planned {
  readonly method: string;
  readonly path: RegExp;
  readonly fault: EngineFault;
  readonly met: () => void;
}

export class EngineProxy {
  readonly socketPath: string;
  readonly #engine: string;
  readonly #server: Server;
  readonly #open = new Set<Duplex>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #planned: Planned | undefined;
  #whenDone: (() => void) | undefined;

  private constructor(socketPath: string, engine: string) {
    this.socketPath = socketPath;
    this.#engine = engine;
    this.#server = createServer((request, response) => this.#handle(request, response));
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => this.#tunnel(request, socket, head));
    this.#server.on('connection', (socket: Socket) => {
      this.#open.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => this.#open.delete(socket));
    });
  }

  static async start(socketPath: string, engine = '/var/run/docker.sock'): Promise<EngineProxy> {
    const proxy = new EngineProxy(socketPath, engine);
    await new Promise<void>((resolve) => proxy.#server.listen(socketPath, resolve));
    return proxy;
  }

  /** The next call that matches meets the fault; resolves when it has. Versions ("/v1.41") are not part of the path. */
  next(method: string, path: RegExp, fault: EngineFault): Promise<void> {
    return new Promise((resolve) => (this.#planned = { method, path, fault, met: resolve }));
  }

  /** Takes back a fault that nothing has met. */
  forget(): void {
    this.#planned = undefined;
  }

  /** Every connection breaks; new ones are taken. */
  cutAll(): void {
    for (const socket of this.#open) socket.destroy();
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.cutAll();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const fault = this.#faultOf(request);
    switch (fault?.type) {
      case undefined:
        return this.#forward(request, response);
      case 'status':
        request.resume();
        response.writeHead(fault.status, { 'content-type': 'application/json' }).end(JSON.stringify({ message: 'a fault of the test' }));
        return;
      case 'slow':
        return this.#later(fault.ms, () => this.#forward(request, response));
      case 'hang':
        return this.#later(fault.ms, () => request.socket.destroy());
      case 'lost':
      case 'mute':
      case 'cut':
        return this.#forward(request, response, fault.type);
    }
  }

  #faultOf({ method, url = '' }: IncomingMessage): EngineFault | undefined {
    const planned = this.#planned;
    const path = url.replace(/^\/v\d+\.\d+/, '').replace(/\?.*/, '');
    if (planned === undefined || planned.method !== method || !planned.path.test(path)) return undefined;
    this.#planned = undefined;
    if (planned.fault.type === 'mute') this.#whenDone = planned.met;
    else planned.met();
    return planned.fault;
  }

  #forward(request: IncomingMessage, response: ServerResponse, fault?: 'lost' | 'cut' | 'mute'): void {
    const { method, url, headers } = request;
    const onward = forwardRequest({ socketPath: this.#engine, method, path: url, headers }, (answer) => {
      if (fault === 'lost') return void answer.resume().on('end', () => request.socket.destroy());
      if (fault === 'mute') return void answer.resume().on('end', () => this.#whenDone?.());
      if (fault === 'cut') {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        response.write('{');
        return void answer.resume().on('end', () => request.socket.destroy());
      }
      response.writeHead(answer.statusCode ?? 500, answer.headers).flushHeaders();
      answer.pipe(response);
    });
    onward.on('error', () => request.socket.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  }

  #tunnel(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const engine = connect(this.#engine);
    this.#open.add(engine);
    engine.on('close', () => this.#open.delete(engine));
    for (const [from, to] of [[socket, engine], [engine, socket]] as const) from.on('error', () => to.destroy());
    const lines = Object.entries(request.headers).map(([name, value]) => `${name}: ${String(value)}`);
    engine.write([`${request.method} ${request.url} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
    engine.write(head);
    socket.pipe(engine).pipe(socket);
  }

  #later(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, ms);
    this.#timers.add(timer);
  }
}

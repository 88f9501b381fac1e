// Entry of the proxy's thread: takes changes from the daemon, tells what became of its listeners.
import { parentPort } from 'node:worker_threads';
import { systemClock } from '../../../base/clock.ts';
import type { ListenerReport, ProxyChange, ProxyMessage } from '../protocol.ts';
import { Forwarder } from './forwarder.ts';

const port = parentPort;
if (port === null) throw new Error('this file is the entry of a thread');

const send = (message: ProxyMessage): void => port.postMessage(message);
let reports: ListenerReport[] = [];
const flush = (): void => {
  if (reports.length > 0) send({ type: 'listeners', listeners: reports });
  reports = [];
};
const forwarder = new Forwarder({
  clock: systemClock,
  report: (listener) => {
    if (reports.length === 0) setImmediate(flush);
    reports.push(listener);
  },
  log: (message, fields) => send({ type: 'log', level: 'warn', message, fields }),
});

port.on('message', ({ id, ...change }: ProxyChange) => {
  const done = (error?: string): void => {
    flush();
    send({ type: 'done', id, ...(error === undefined ? {} : { error }) });
  };
  forwarder.apply(change).then(
    () => done(),
    (error: unknown) => done(String(error)),
  );
});
// One connection's defect is not to end all others.
process.on('uncaughtException', (error) => send({ type: 'log', level: 'error', message: 'an exception was not caught in the proxy', fields: { error: error.stack ?? String(error) } }));
process.on('unhandledRejection', (error) => send({ type: 'log', level: 'error', message: 'a rejection was not handled in the proxy', fields: { error: String(error) } }));

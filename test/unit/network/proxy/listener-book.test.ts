import { expect, test } from '@jest/globals';
import { ListenerBook } from '../../../../src/network/proxy/listener-book.ts';
import type { ListenerReport } from '../../../../src/network/proxy/protocol.ts';

const report = (address: string, state: ListenerReport['state'], changes: Partial<ListenerReport> = {}): ListenerReport => ({ owner: 'default/web:/TCP', purpose: 'node-port', protocol: 'TCP', address, port: 30080, state, ...changes });
const taken = { code: 'EADDRINUSE' };
const told = (book: ListenerBook, ...reports: ListenerReport[]): string[] => book.note(reports).map(({ type, listener }) => `${type} ${listener.address}`);

test('nothing is held, nothing is news before a listener is told of', () => {
  expect([...new ListenerBook().reserved()]).toEqual([]);
});

test.each([
  { name: 'when all its addresses are open', reports: [report('127.0.0.1', 'open'), report('::1', 'open')], held: true },
  { name: 'not while one is taken', reports: [report('127.0.0.1', 'open'), report('::1', 'failed', taken)], held: false },
  { name: 'when the only ones that are not are none of this host', reports: [report('127.0.0.1', 'open'), report('::1', 'failed', { code: 'EADDRNOTAVAIL' })], held: true },
  { name: 'not when none is of this host', reports: [report('::1', 'failed', { code: 'EADDRNOTAVAIL' })], held: false },
  { name: 'not while nobody is behind it', reports: [report('127.0.0.1', 'resting'), report('::1', 'resting')], held: false },
  { name: 'not for a load balancer alone', reports: [report('127.96.0.1', 'open', { purpose: 'load-balancer', port: 80 })], held: false },
  { name: 'not once it is gone', reports: [report('127.0.0.1', 'open'), report('127.0.0.1', 'gone')], held: false },
])('a node port is held $name', ({ reports, held }) => {
  const book = new ListenerBook();
  book.note(reports);
  expect([...book.reserved()]).toEqual(held ? ['default/web:/TCP'] : []);
});

test('a failure is told once for each cause, and that it is over', () => {
  const book = new ListenerBook();
  expect(told(book, report('127.0.0.1', 'failed', taken))).toEqual(['failed 127.0.0.1']);
  expect(told(book, report('127.0.0.1', 'failed', taken))).toEqual([]);
  expect(told(book, report('127.0.0.1', 'failed', { code: 'EMFILE' }))).toEqual(['failed 127.0.0.1']);
  expect(told(book, report('127.0.0.1', 'open'))).toEqual(['recovered 127.0.0.1']);
  expect(told(book, report('127.0.0.1', 'resting'), report('127.0.0.1', 'open'))).toEqual([]);
});

test('a port that is given up while it fails is no good news', () => {
  const book = new ListenerBook();
  book.note([report('127.0.0.1', 'failed', taken)]);
  expect(told(book, report('127.0.0.1', 'gone'))).toEqual([]);
});

test('an address that this host lacks is no news for node ports, but for what was asked for by address', () => {
  const lacks = { code: 'EADDRNOTAVAIL' };
  expect(told(new ListenerBook(), report('::1', 'failed', lacks))).toEqual([]);
  expect(told(new ListenerBook(), report('192.0.2.1', 'failed', { ...lacks, purpose: 'external-ip' }))).toEqual(['failed 192.0.2.1']);
});

test('a thread that died holds nothing; what had failed is not told twice', () => {
  const book = new ListenerBook();
  book.note([report('127.0.0.1', 'open'), report('::1', 'failed', taken)]);
  book.forgetOpen();
  expect([...book.reserved()]).toEqual([]);
  expect(told(book, report('::1', 'failed', taken))).toEqual([]);
});

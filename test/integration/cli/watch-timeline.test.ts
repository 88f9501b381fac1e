// A timeline that goes on being drawn, on a terminal: frames over one another, until nothing can change any more.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Job } from '../../../src/api/generated/types.ts';
import { JOBS, PODS, type Resource } from '../../../src/api/kinds.ts';
import { systemClock } from '../../../src/base/clock.ts';
import type { CliContext } from '../../../src/cli/context.ts';
import type { Timeline } from '../../../src/cli/timeline/timeline.ts';
import { watchTimeline } from '../../../src/cli/timeline/watch-timeline.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { eventually } from '../../support/eventually.ts';

const JOB: Job = { metadata: { name: 'pi', namespace: 'default' }, spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox' }] } } } };

let api: TestApi;
let written: string[];

beforeEach(async () => {
  api = await startApi();
  written = [];
});

afterEach(() => api.close());

function contextOn(signal: AbortSignal): CliContext {
  const out = { write: async (text: string | Uint8Array) => void written.push(String(text)), isTerminal: true, columns: 60, rows: 12, colour: false };
  return { client: async () => api.client, namespace: 'default', clock: systemClock, signal, out } as unknown as CliContext;
}

function aTimeline(names: readonly string[], isLive: boolean): Timeline {
  const rows = names.map((name) => ({ name, state: 'stopped' as const, note: 'x', marks: [], spans: [{ kind: 'running' as const, from: 0, to: 1_000, text: '' }] }));
  return { subject: 'job/pi', health: 'healthy', state: 'running', from: 0, to: 1_000, isLive, rows };
}

const target = { resource: JOBS as Resource, name: 'pi', follows: [JOBS as Resource, PODS as Resource] };

test('each frame goes over the one before, and the last one stays', async () => {
  const frames = [aTimeline(['a'], true), aTimeline(['a', 'b'], false)];
  const watching = watchTimeline(contextOn(new AbortController().signal), { ...target, gather: async () => frames[Math.min(written.length, 1)]! });
  await eventually('a first frame is drawn', async () => written.length === 1);
  await api.client.create(JOBS, JOB);
  await watching;
  const height = written[0]!.split('\n').length - 1;
  expect(written).toHaveLength(2);
  expect(written[0]).toMatch(/^job\/pi[^]*\u001b\[J$/);
  expect(written[1]).toMatch(new RegExp(`^\\u001b\\[${height}A\\rjob/pi`));
  expect(written[1]).toMatch(/\nb .*\u001b\[K\n/);
});

test('a frame never fills more than the screen', async () => {
  const names = Array.from({ length: 40 }, (_, at) => `pod-${at}`);
  await watchTimeline(contextOn(new AbortController().signal), { ...target, gather: async () => aTimeline(names, false) });
  expect(written[0]!.split('\n').length).toBeLessThan(12);
  expect(written[0]).toContain('37 more rows above are not shown');
});

test('Ctrl-C ends it, whatever still runs', async () => {
  const stop = new AbortController();
  const watching = watchTimeline(contextOn(stop.signal), { ...target, gather: async () => aTimeline(['a'], true) });
  await eventually('a first frame is drawn', async () => written.length > 0);
  stop.abort(new Error('interrupted'));
  await expect(watching).rejects.toThrow('interrupted');
});

import { describe, expect, test } from '@jest/globals';
import { busyNanos, workingSet } from '../../../../src/kubelet/usage/machine-counters.ts';
import { RateMeter, type Counters } from '../../../../src/kubelet/usage/rate-meter.ts';
import { settle, VirtualClock } from '../../../support/virtual-clock.ts';

/** One core's share by name, counted from the beginning. */
function bench(shares: Map<string, number>) {
  const clock = new VirtualClock();
  const began = clock.now();
  const reads: string[][] = [];
  const abort = new AbortController();
  const read = async (ids: readonly string[]): Promise<ReadonlyMap<string, Counters>> => {
    reads.push([...ids]);
    return new Map(ids.flatMap((id) => (shares.has(id) ? [[id, { readAt: clock.now(), cpuNanos: (clock.now() - began) * 1e6 * shares.get(id)!, memoryBytes: 7 }] as const] : [])));
  };
  const meter = new RateMeter({ clock, signal: abort.signal, read });
  const ask = async (ids: readonly string[]) => {
    const answer = meter.measure(ids);
    answer.catch(() => {});
    await settle();
    await clock.advance(500);
    return answer;
  };
  return { clock, reads, abort, ask, meter };
}

describe('a rate', () => {
  test('of what was never read takes two readings half a second apart', async () => {
    const { ask, reads, clock } = bench(new Map([['a', 0.25], ['b', 2]]));
    const rates = await ask(['a', 'b']);
    expect(rates.get('a')).toEqual({ cpuNanoCores: 250_000_000, memoryBytes: 7, endedAt: clock.now(), lengthMs: 500 });
    expect(rates.get('b')?.cpuNanoCores).toBe(2_000_000_000);
    expect(reads).toEqual([['a', 'b'], ['a', 'b']]);
  });

  test('is given again for two seconds, then measured since the last question', async () => {
    const shares = new Map([['a', 1]]);
    const { ask, reads, clock, meter } = bench(shares);
    const first = await ask(['a']);
    await clock.advance(1_000);
    expect(await meter.measure(['a'])).toEqual(first);
    expect(reads).toHaveLength(2);
    await clock.advance(9_000);
    expect((await meter.measure(['a'])).get('a')).toMatchObject({ lengthMs: 10_000, cpuNanoCores: 1_000_000_000 });
    expect(reads).toHaveLength(3);
  });

  test('is not measured over more than half a minute', async () => {
    const { ask, clock } = bench(new Map([['a', 1]]));
    await ask(['a']);
    await clock.advance(60_000);
    expect((await ask(['a'])).get('a')?.lengthMs).toBe(500);
  });

  test('of what does not run there is none, also when it ends or begins anew meanwhile', async () => {
    const shares = new Map([['a', 1], ['b', 1]]);
    const { ask, clock, meter } = bench(shares);
    expect([...(await ask(['a', 'b', 'gone'])).keys()]).toEqual(['a', 'b']);
    await clock.advance(5_000);
    shares.delete('a');
    shares.set('b', 0.01);
    expect([...(await meter.measure(['a', 'b'])).keys()]).toEqual([]);
  });

  test('nothing is read for nobody, and nothing while nobody asks', async () => {
    const { clock, reads, meter } = bench(new Map([['a', 1]]));
    expect(await meter.measure([])).toEqual(new Map());
    await clock.advance(3_600_000);
    expect(reads).toEqual([]);
    expect(clock.waits).toEqual([]);
  });

  test('that is waited for is given up with the kubelet', async () => {
    const { abort, meter } = bench(new Map([['a', 1]]));
    const answer = meter.measure(['a']);
    await new Promise((resolve) => setImmediate(resolve));
    abort.abort(new Error('the kubelet stops'));
    await expect(answer).rejects.toThrow('the kubelet stops');
  });
});

describe('the machine', () => {
  test("counts its processors' busy times", () => {
    const times = { user: 10, nice: 1, sys: 5, idle: 1_000, irq: 2 };
    expect(busyNanos([{ times }, { times }])).toBe(36e6);
  });

  test.each([
    ['Linux', 'MemTotal:  1000 kB\nMemFree:  300 kB\nInactive(file):  200 kB\nInactive(anon): 5 kB\n', 500 * 1024],
    ['a kernel without that line', 'MemTotal: 1000 kB\nMemFree: 300 kB\n', 700 * 1024],
    ['another system', '', undefined],
  ])('tells its working set on %s', (_, text, bytes) => {
    expect(workingSet(text)).toBe(bytes);
  });
});

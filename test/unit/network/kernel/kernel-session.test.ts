// The session with nft, against a program that behaves as nft does: order, refusals, time-outs, deaths.
import { describe, expect, test } from '@jest/globals';
import { silentLogger } from '../../../../src/base/log.ts';
import type { HearOutput, HostPrograms } from '../../../../src/api/network/host-programs.ts';
import { openKernelSession } from '../../../../src/network/kernel/kernel-session.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

describe('a session with nft', () => {
  test('makes its table first, owned by the process', async () => {
    const { nft, session } = await opened();
    expect(session.table).toBe('ip minik-abc');
    expect(nft.lines).toEqual(['add table ip minik-abc { flags owner; }']);
  });

  test('sends the commands of a script as one line', async () => {
    const { nft, session } = await opened();
    await session.run('add chain ip minik-abc a\n\n  add chain ip minik-abc b\n');
    expect(nft.lines.at(-1)).toBe('add chain ip minik-abc a; add chain ip minik-abc b');
  });

  test('gives each script its own answer, in the order of the calls', async () => {
    const { nft, session } = await opened();
    nft.refusals.set('two', 'Error: no such thing\ntwo\n^^^\n');
    const settled = await Promise.allSettled(['one', 'two', 'three'].map((line) => session.run(line)));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(settled[1]).toMatchObject({ reason: { name: 'NftError', message: 'no such thing (two)' } });
  });

  test('understands an answer that comes in pieces', async () => {
    const { nft, session } = await opened();
    nft.pieces = 3;
    nft.refusals.set('two', 'Error: no such thing\ntwo\n^^^\n');
    const settled = await Promise.allSettled(['one', 'two'].map((line) => session.run(line)));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  test('ends nft when it does not answer, and says so to whoever waits', async () => {
    const { nft, session, clock } = await opened();
    nft.isDeaf = true;
    const ran = session.run('one').catch((error: Error) => error.message);
    await clock.advance(15_000);
    expect(await ran).toBe('nft has not answered for 15 s');
    expect(nft.ends).toBe(1);
  });

  test('starts nft again when it dies, and asks everybody for their rules', async () => {
    const { nft, session, clock } = await opened();
    let rendered = 0;
    session.whenEmpty(() => (rendered += 1));
    expect(rendered).toBe(1);
    nft.die('nft ended with SIGKILL');
    await clock.advance(0);
    await expect(session.run('one')).rejects.toThrow('nft ended with SIGKILL');
    await clock.advance(100);
    expect(nft.lines).toEqual(['add table ip minik-abc { flags owner; }', 'add table ip minik-abc { flags owner; }']);
    expect(rendered).toBe(2);
    await session.run('one');
  });

  test('waits longer each time that nft dies at once', async () => {
    const { nft, clock, problems } = await opened();
    nft.missing = 'nft is not installed';
    nft.die('nft ended with exit code 1');
    await clock.advance(0);
    await clock.advance(60_000);
    expect(nft.opens.map((at) => at - nft.opens[0]!)).toEqual([0, 100, 300, 700, 1500, 3100, 6300, 12_700, 25_500, 51_100]);
    expect(problems).toEqual(Array(9).fill('nft is not installed'));
    nft.missing = undefined;
    await clock.advance(60_000);
    expect(problems.at(-1)).toBeUndefined();
  });

  test('rejects with the reason when nft refuses its table', async () => {
    const nft = new FakeNft();
    nft.refusals.set('add table ip minik-abc { flags owner; }', 'Error: syntax error, unexpected owner\nadd table\n^\n');
    await expect(open(nft)).rejects.toThrow('syntax error, unexpected owner');
    expect(nft.ends).toBe(1);
  });

  test('is not started again once it has been stopped', async () => {
    const { nft, session, clock } = await opened();
    await session.stop();
    await clock.advance(60_000);
    expect(nft.opens).toHaveLength(1);
    await expect(session.run('one')).rejects.toThrow('nft ended');
  });
});

/** Answers as nft does: silence for what succeeds, complaints on stderr for the rest. */
class FakeNft {
  readonly lines: string[] = [];
  readonly refusals = new Map<string, string>();
  readonly opens: number[] = [];
  pieces = 1;
  ends = 0;
  isDeaf = false;
  missing: string | undefined;
  die: (why: string) => void = () => {};

  programs(now: () => number): HostPrograms {
    return {
      way: 'in a test',
      open: async (command, hear) => {
        this.opens.push(now());
        expect(command).toEqual(['nft', '-i']);
        if (this.missing !== undefined) throw new Error(this.missing);
        const end = Promise.withResolvers<string>();
        this.die = end.resolve;
        return {
          write: (text) => text.trimEnd().split('\n').forEach((line) => this.#take(line, hear)),
          ended: end.promise,
          end: async () => {
            this.ends += 1;
            end.resolve('nft ended with exit code 0');
          },
        };
      },
    };
  }

  #take(line: string, hear: HearOutput): void {
    if (this.isDeaf) return;
    const isMark = line.startsWith('minik-mark-');
    if (!isMark) this.lines.push(line);
    const answer = isMark ? `Error: syntax error, unexpected newline, expecting string\n${line}\n${' '.repeat(line.length)}^\n` : this.refusals.get(line);
    if (answer === undefined) return;
    const size = Math.ceil(answer.length / this.pieces);
    for (let at = 0; at < answer.length; at += size) hear('stderr', answer.slice(at, at + size));
  }
}

async function open(nft: FakeNft) {
  const clock = new VirtualClock();
  const problems: (string | undefined)[] = [];
  const session = await openKernelSession({ programs: nft.programs(() => clock.now()), clusterId: 'abc', onProblem: (why) => problems.push(why), clock, log: silentLogger });
  return { nft, session, clock, problems };
}

const opened = () => open(new FakeNft());

// One `nft -i` with the commands of a home on its input: a line is a transaction, all of it or nothing.
//
// nft says nothing of what succeeds. So each line is followed by one that it cannot understand, a word of ours: the
// complaint about it, on the same stream as every other complaint, says that the line before is done, and what came before it is
// what nft has against that line.
import type { Clock } from '../../base/clock.ts';
import type { HostProgram, HostPrograms } from '../../api/network/host-programs.ts';
import { refusalOf } from './nft-words.ts';

export class NftError extends Error {
  override name = 'NftError';
}

export interface NftProcess {
  /** `script`: a command a line, applied at once or not at all. Rejects with NftError and nft's words, or why there is no nft. */
  run(script: string): Promise<void>;
  /** Why it ended, in words for people. */
  readonly ended: Promise<string>;
  end(): Promise<void>;
}

/** The largest of scripts takes a second. One that never answers is ended: the tables go with it. */
const ANSWER_MS = 15_000;

interface Waiting {
  readonly mark: string;
  readonly done: PromiseWithResolvers<void>;
}

export async function openNft(programs: HostPrograms, clock: Clock): Promise<NftProcess> {
  const waiting: Waiting[] = [];
  let said = '';
  let marks = 0;
  let over: string | undefined;
  const hear = (stream: 'stdout' | 'stderr', text: string): void => {
    if (stream === 'stdout') return;
    said += text;
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      const answer = answerBefore(next.mark, said);
      if (answer === undefined) return;
      said = answer.rest;
      waiting.shift();
      const refusal = refusalOf(answer.before);
      if (refusal === undefined) next.done.resolve();
      else next.done.reject(new NftError(refusal));
    }
  };
  const program: HostProgram = await programs.open(['nft', '-i'], hear);
  const ended = program.ended.then((why) => {
    over = said.trim() === '' ? why : `${why}: ${said.trim().slice(-200)}`;
    for (const { done } of waiting.splice(0)) done.reject(new NftError(over));
    return over;
  });
  return {
    ended,
    end: () => program.end(),
    async run(script) {
      if (over !== undefined) throw new NftError(over);
      const line = script.split('\n').map((command) => command.trim()).filter((command) => command !== '').join('; ');
      const mark = `minik-mark-${(marks += 1)}`;
      const done = Promise.withResolvers<void>();
      waiting.push({ mark, done });
      program.write(`${line}\n${mark}\n`);
      const timer = clock.setTimer(ANSWER_MS, () => {
        done.reject(new NftError(`nft has not answered for ${ANSWER_MS / 1000} s`));
        void program.end();
      });
      await done.promise.finally(() => timer.cancel());
    },
  };
}

/** What was said before the complaint about the mark: three lines, of which the second is the mark and the third underlines. */
function answerBefore(mark: string, said: string): { readonly before: string; readonly rest: string } | undefined {
  const found = new RegExp(`^.*Error: [^\\n]*\\n${mark}\\n[ ~^]*\\n`, 'm').exec(said);
  if (found === null) return undefined;
  return { before: said.slice(0, found.index), rest: said.slice(found.index + found[0].length) };
}

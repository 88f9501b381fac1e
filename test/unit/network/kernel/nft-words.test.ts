// What nft says of a script that it refuses.
import { describe, expect, test } from '@jest/globals';
import { refusalOf } from '../../../../src/network/kernel/nft-words.ts';

describe('what nft has against a script', () => {
  test.each([
    { title: 'nothing, when it says nothing', said: '', refusal: undefined },
    {
      title: 'its words, and the command that it underlines',
      said: 'Error: Could not process rule: No such file or directory\nadd chain ip t a; add rule ip t b accept; add chain ip t c\n                                 ^\n',
      refusal: 'Could not process rule: No such file or directory (add rule ip t b accept)',
    },
    {
      title: 'the last command of the line',
      said: 'Error: syntax error, unexpected newline\nadd table ip t; add bogus\n                         ^\n',
      refusal: 'syntax error, unexpected newline (add bogus)',
    },
    {
      title: 'the first three of many errors',
      said: ['one', 'two', 'three', 'four', 'five'].map((words) => `Error: ${words}\nx\n^\n`).join(''),
      refusal: 'one (x); two (x); three (x); and 2 more',
    },
    { title: 'a short piece of a long command', said: `Error: too long\nadd ${'x'.repeat(5000)}\n^^^\n`, refusal: `too long (add ${'x'.repeat(196)})` },
    { title: 'what it says in words that are no error of its own', said: 'netlink: cannot open socket: Operation not permitted\n', refusal: 'netlink: cannot open socket: Operation not permitted' },
  ])('is $title', ({ said, refusal }) => expect(refusalOf(said)).toBe(refusal));
});

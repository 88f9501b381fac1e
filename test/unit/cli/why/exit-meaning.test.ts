import { describe, expect, test } from '@jest/globals';
import { exitMeaning } from '../../../../src/cli/why/exit-meaning.ts';
import { signalOfExitCode } from '../../../../src/cli/why/signal-name.ts';

describe('an exit code', () => {
  test.each([
    { code: 0, phrase: 'exited with 0: success' },
    { code: 1, phrase: 'exited with 1' },
    { code: 2, phrase: 'exited with 2' },
    { code: 3, phrase: 'exited with 3' },
    { code: 126, phrase: 'exited with 126: the command was found but could not be executed' },
    { code: 127, phrase: 'exited with 127: command not found' },
    { code: 128, phrase: 'exited with 128' },
    { code: 130, phrase: 'was ended by SIGINT (exit code 130 = 128 + 2)' },
    { code: 134, phrase: 'was ended by SIGABRT (exit code 134 = 128 + 6)' },
    { code: 137, phrase: 'was ended by SIGKILL (exit code 137 = 128 + 9)' },
    { code: 139, phrase: 'was ended by SIGSEGV (exit code 139 = 128 + 11)' },
    { code: 143, phrase: 'was ended by SIGTERM (exit code 143 = 128 + 15)' },
    { code: 162, phrase: 'was ended by SIGRTMIN (exit code 162 = 128 + 34)' },
    { code: 255, phrase: 'exited with 255' },
  ])('$code means: $phrase', ({ code, phrase }) => {
    expect(exitMeaning(code).phrase).toBe(phrase);
  });

  test.each([1, 2, 3, 126, 127, 128, 134, 139, 255])('%i comes with a word on where to look', (code) => {
    expect(exitMeaning(code).note).toMatch(/\w+ .*\.$/);
  });

  test.each([
    { code: 0, signal: undefined },
    { code: 128, signal: undefined },
    { code: 160, signal: undefined },
    { code: 159, signal: 'SIGSYS' },
    { code: 192, signal: 'SIGRTMIN+30' },
    { code: 193, signal: undefined },
  ])('$code is the signal $signal', ({ code, signal }) => {
    expect(signalOfExitCode(code)).toBe(signal);
  });
});

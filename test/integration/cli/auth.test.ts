// auth whoami against a real API.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startCliHome, type CliHome } from '../../support/cli-home.ts';

let home: CliHome;

beforeEach(async () => {
  home = await startCliHome();
});
afterEach(() => home.close());

test('whoami says whom the server takes the caller for', async () => {
  expect(await home.minik(['auth', 'whoami'])).toEqual({ code: 0, out: 'ATTRIBUTE   VALUE\nUsername    test\n', err: '' });
  expect(await home.minik(['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}'])).toEqual({ code: 0, out: 'test', err: '' });
});

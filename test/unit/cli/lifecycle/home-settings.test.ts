// What a home is told with `minik start`: flags, the file between command line and daemon, and what the daemon makes of it.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DEFAULT_ATTEMPT_LIMITS } from '../../../../src/api/attempt/attempt-limits.ts';
import { limitsOf } from '../../../../src/cli/lifecycle/attempt-settings.ts';
import { nodeAddressesOf, saveSettings } from '../../../../src/cli/lifecycle/home-settings.ts';
import { homePaths } from '../../../../src/daemon/paths.ts';
import { loadSettings } from '../../../../src/daemon/settings.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'minik-settings-'));
});

afterEach(() => rmSync(home, { recursive: true }));

const file = (): string => join(home, 'settings.json');
const load = () => loadSettings(homePaths({ MINIK_HOME: home }));

describe('flags', () => {
  test.each([
    { flags: {}, limits: {} },
    { flags: { attemptLogLimit: '10Mi' }, limits: { logBytes: 10_485_760 } },
    { flags: { attemptLogLimit: '0', attemptsLimit: '2G', attemptsAge: '1h30m' }, limits: { logBytes: 0, totalBytes: 2_000_000_000, ageMs: 5_400_000 } },
  ])('$flags', ({ flags, limits }) => expect(limitsOf(flags)).toEqual(limits));

  test.each([
    { flags: { attemptLogLimit: 'much' }, problem: '--attempt-log-limit must be an amount of bytes such as 10Mi or 1Gi, not "much"' },
    { flags: { attemptLogLimit: '2Gi' }, problem: '--attempt-log-limit must be at most 1Gi, not "2Gi"' },
    { flags: { attemptsLimit: '-1' }, problem: '--attempts-limit must be an amount of bytes such as 10Mi or 1Gi, not "-1"' },
    { flags: { attemptsAge: '30d' }, problem: '--attempts-age must be a duration such as 90m or 720h, not "30d"' },
  ])('$flags are refused', ({ flags, problem }) => expect(() => limitsOf(flags)).toThrow(problem));
});

describe('settings', () => {
  test('that were never made are the defaults', async () => {
    expect(await load()).toEqual({ attempts: DEFAULT_ATTEMPT_LIMITS, nodeAddresses: [] });
  });

  test('are kept beside those that were made before, for the eyes of their owner', async () => {
    expect(await saveSettings(home, { attempts: { logBytes: 5 } }, { dryRun: false })).toBe(true);
    expect(await saveSettings(home, { attempts: { ageMs: 7 } }, { dryRun: false })).toBe(true);
    expect(await load()).toEqual({ attempts: { ...DEFAULT_ATTEMPT_LIMITS, logBytes: 5, ageMs: 7 }, nodeAddresses: [] });
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  test('that are the same are no news', async () => {
    await saveSettings(home, { attempts: { logBytes: 5 } }, { dryRun: false });
    expect(await saveSettings(home, { attempts: { logBytes: 5 } }, { dryRun: false })).toBe(false);
    expect(await saveSettings(home, { attempts: { logBytes: 6 } }, { dryRun: true })).toBe(true);
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({ attempts: { logBytes: 5 } });
  });

  test.each([
    { text: '{', problem: 'is not JSON' },
    { text: '3', problem: 'must hold an object' },
    { text: '{"attempts":[]}', problem: 'attempts must be an object' },
    { text: '{"attempts":{"logBytes":"10Mi"}}', problem: 'attempts.logBytes must be a number from 0 on, not "10Mi"' },
    { text: '{"attempts":{"ageMs":-1}}', problem: 'attempts.ageMs must be a number from 0 on, not -1' },
    { text: '{"attempts":{"logBytes":1e12}}', problem: 'attempts.logBytes must be at most 1073741824' },
    { text: '{"nodeAddresses":"10.0.0.1"}', problem: 'nodeAddresses must be a list of IP addresses, not "10.0.0.1"' },
    { text: '{"nodeAddresses":["here"]}', problem: 'nodeAddresses must be a list of IP addresses, not ["here"]' },
    { text: '{"attempts":{"age":1}}', problem: 'attempts.age is not known: expected logBytes, totalBytes, ageMs' },
  ])('$text are refused', async ({ text, problem }) => {
    writeFileSync(file(), text);
    await expect(load()).rejects.toThrow(problem);
  });
});

describe('--node-address', () => {
  test.each([
    { flags: undefined, settings: {} },
    { flags: ['192.168.1.20'], settings: { nodeAddresses: ['192.168.1.20'] } },
    { flags: ['fd00::1', '0.0.0.0', 'fd00::1'], settings: { nodeAddresses: ['fd00::1', '0.0.0.0'] } },
    { flags: ['none'], settings: { nodeAddresses: [] } },
  ])('$flags is kept as $settings', ({ flags, settings }) => {
    expect(nodeAddressesOf(flags)).toEqual(settings);
  });

  test.each(['', 'eth0', '192.168.1', '192.168.1.0/24'])('"%s" is no address', (address) => {
    expect(() => nodeAddressesOf(['127.0.0.1', address])).toThrow(`--node-address must be an IP address of this host such as 192.168.1.20, or 0.0.0.0 for all of them, not "${address}"`);
  });

  test('is what the daemon reads, and stays with limits that are set later', async () => {
    await saveSettings(home, nodeAddressesOf(['192.168.1.20']), { dryRun: false });
    await saveSettings(home, { attempts: { logBytes: 5 } }, { dryRun: false });
    expect(await load()).toMatchObject({ nodeAddresses: ['192.168.1.20'], attempts: { logBytes: 5 } });
    expect(await saveSettings(home, nodeAddressesOf(['none']), { dryRun: false })).toBe(true);
    expect(await load()).toMatchObject({ nodeAddresses: [] });
  });
});

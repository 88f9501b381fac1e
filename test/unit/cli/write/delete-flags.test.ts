// What the deletion flags mean.
import { describe, expect, test } from '@jest/globals';
import { planDelete, type DeleteFlags } from '../../../../src/cli/write/delete-flags.ts';

describe('delete', () => {
  test.each<[string, DeleteFlags, object]>([
    ['nothing said', {}, { options: { propagationPolicy: 'Background' }, forced: false, wait: true, timeoutMs: 0 }],
    ['--cascade=orphan', { cascade: 'orphan' }, { options: { propagationPolicy: 'Orphan' } }],
    ['--cascade alone', { cascade: true }, { options: { propagationPolicy: 'Background' } }],
    ['--cascade=false, as of old', { cascade: 'false' }, { options: { propagationPolicy: 'Orphan' } }],
    ['--grace-period=5', { gracePeriod: 5 }, { options: { gracePeriodSeconds: 5, propagationPolicy: 'Background' }, forced: false }],
    ['--grace-period=0 without force is 1', { gracePeriod: 0 }, { options: { gracePeriodSeconds: 1 }, forced: false }],
    ['--now', { now: true }, { options: { gracePeriodSeconds: 1 }, forced: false }],
    ['--force', { force: true }, { options: { gracePeriodSeconds: 0 }, forced: true }],
    ['--force --grace-period=0', { force: true, gracePeriod: 0 }, { options: { gracePeriodSeconds: 0 }, forced: true }],
    ['--wait=false --timeout=5s', { wait: false, timeout: 5000 }, { wait: false, timeoutMs: 5000 }],
  ])('%s', (_, flags, plan) => {
    expect(planDelete(flags, { forceIsGrace0: true })).toMatchObject(plan);
  });

  test.each<[string, DeleteFlags, string]>([
    ['--cascade=foo', { cascade: 'foo' }, 'invalid cascade value (foo). Must be "background", "foreground", or "orphan"'],
    ['--now --grace-period=3', { now: true, gracePeriod: 3 }, '--now and --grace-period cannot be specified together'],
    ['--force --grace-period=3', { force: true, gracePeriod: 3 }, '--force and --grace-period greater than 0 cannot be specified together'],
  ])('%s is refused', (_, flags, message) => {
    expect(() => planDelete(flags, { forceIsGrace0: true })).toThrow(message);
  });

  test('replace --force leaves the grace period alone', () => {
    expect(planDelete({ force: true }, { forceIsGrace0: false }).options).toEqual({ propagationPolicy: 'Background' });
  });
});

import { expect, test } from '@jest/globals';
import type { CoreEvent } from '../../../../src/api/generated/types.ts';
import { EVENT_TTL_MS, expiredEvents } from '../../../../src/controllers/event-ttl/plan-event-ttl.ts';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const event = (fields: Partial<CoreEvent>): CoreEvent => ({ metadata: { name: 'e' }, involvedObject: {}, ...fields });
const ago = (ms: number): string => new Date(NOW - ms).toISOString();

test.each([
  { name: 'nothing to do', events: [], expired: 0 },
  { name: 'a fresh event stays', events: [event({ lastTimestamp: ago(1000) })], expired: 0 },
  { name: 'an event goes an hour after it was last seen', events: [event({ lastTimestamp: ago(EVENT_TTL_MS) })], expired: 1 },
  { name: 'an old event that was seen again stays', events: [event({ firstTimestamp: ago(9 * EVENT_TTL_MS), lastTimestamp: ago(5) })], expired: 0 },
  { name: 'a series counts from its last occurrence', events: [event({ eventTime: ago(9 * EVENT_TTL_MS), series: { count: 2, lastObservedTime: ago(5) } })], expired: 0 },
  { name: 'an event without any time stays', events: [event({})], expired: 0 },
])('$name', ({ events, expired }) => {
  expect(expiredEvents(events, NOW)).toHaveLength(expired);
});

import { expect, test } from '@jest/globals';
import { healthRequest, servingStatus } from '../../../../src/kubelet/probes/grpc-health.ts';

test('a request names its service, and nothing for the whole server', () => {
  expect([...healthRequest('')]).toEqual([0, 0, 0, 0, 0]);
  expect([...healthRequest('db')]).toEqual([0, 0, 0, 0, 4, 0x0a, 2, 0x64, 0x62]);
  expect([...healthRequest('x'.repeat(200)).subarray(0, 8)]).toEqual([0, 0, 0, 0, 203, 0x0a, 0xc8, 1]);
});

test.each([
  { name: 'serving', frame: [0, 0, 0, 0, 2, 8, 1], status: 'SERVING' },
  { name: 'not serving', frame: [0, 0, 0, 0, 2, 8, 2], status: 'NOT_SERVING' },
  { name: 'a status of 0 is not written at all', frame: [0, 0, 0, 0, 0], status: 'UNKNOWN' },
  { name: 'a compressed answer was not asked for', frame: [1, 0, 0, 0, 2, 8, 1], status: undefined },
  { name: 'half an answer is none', frame: [0, 0, 0], status: undefined },
  { name: 'an answer whose message is missing is none', frame: [0, 0, 0, 0, 2], status: undefined },
  { name: 'a number that stands for nothing', frame: [0, 0, 0, 0, 2, 8, 77], status: undefined },
])('$name', ({ frame, status }) => {
  expect(servingStatus(Uint8Array.from(frame))).toBe(status);
});

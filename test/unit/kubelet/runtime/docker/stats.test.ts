import { expect, test } from '@jest/globals';
import { parseCounters } from '../../../../../src/kubelet/runtime/docker/stats.ts';

const read = '2026-11-21T08:25:34.139590937Z';
const cpu_stats = { cpu_usage: { total_usage: 28_353_110 } };

test.each([
  ['cgroup v1', { read, cpu_stats, memory_stats: { usage: 1000, stats: { inactive_file: 1, total_inactive_file: 100 } } }, { readAt: Date.parse(read), cpuNanos: 28_353_110, memoryBytes: 900 }],
  ['cgroup v2', { read, cpu_stats, memory_stats: { usage: 1000, stats: { inactive_file: 300 } } }, { readAt: Date.parse(read), cpuNanos: 28_353_110, memoryBytes: 700 }],
  ['a cache larger than all use', { read, cpu_stats, memory_stats: { usage: 10, stats: { inactive_file: 300 } } }, { readAt: Date.parse(read), cpuNanos: 28_353_110, memoryBytes: 0 }],
  ['a container that has ended', { read: '0001-01-01T00:00:00Z', cpu_stats: { cpu_usage: { total_usage: 0 } }, memory_stats: {} }, undefined],
  ['a container that ended while it was asked', { read, cpu_stats: { cpu_usage: { total_usage: 0 } }, memory_stats: {} }, undefined],
  ['no answer', undefined, undefined],
])('counters of %s', (_, json, counters) => {
  expect(parseCounters(json)).toEqual(counters);
});

import { expect, test } from '@jest/globals';
import type { ResourceRequirements } from '../../../../src/api/generated/types.ts';
import { qosClassOf } from '../../../../src/api/pod/qos.ts';

const pod = (...resources: ResourceRequirements[]) => ({ containers: resources.map((one, at) => ({ name: `c${at}`, resources: one })) });
const FULL = { limits: { cpu: '1', memory: '1Gi' } };

test.each([
  ['a Pod that asks for nothing gets what is left', pod({}), 'BestEffort'],
  ['zero is nothing', pod({ limits: { cpu: '0' }, requests: { memory: '0Mi' } }), 'BestEffort'],
  ['other resources do not count', pod({ limits: { 'ephemeral-storage': '1Gi' } }), 'BestEffort'],
  ['limits of all for all are guaranteed', pod(FULL, FULL), 'Guaranteed'],
  ['requests that equal the limits, however written, are guaranteed', pod({ limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '1000m', memory: '1024Mi' } }), 'Guaranteed'],
  ['one container without limits is enough to burst', pod(FULL, {}), 'Burstable'],
  ['a limit of one resource alone is not enough', pod({ limits: { cpu: '1' } }), 'Burstable'],
  ['requests below limits burst', pod({ ...FULL, requests: { cpu: '500m' } }), 'Burstable'],
  ['requests alone burst', pod({ requests: { memory: '1Mi' } }), 'Burstable'],
  ['init containers count', { ...pod(FULL), initContainers: [{ name: 'i' }] }, 'Burstable'],
] as const)('%s', (_title, spec, expected) => {
  expect(qosClassOf(spec as Parameters<typeof qosClassOf>[0])).toBe(expected);
});

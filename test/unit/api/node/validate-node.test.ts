import { expect, test } from '@jest/globals';
import type { NodeSpec } from '../../../../src/api/generated/types.ts';
import { validateNode, validateNodeUpdate } from '../../../../src/api/node/validate-node.ts';
import { errorTexts } from '../../../support/error-texts.ts';

const metadata = { name: 'node' };
const taint = { key: 'a', value: 'b', effect: 'NoSchedule' };

test.each<[title: string, spec: NodeSpec, errors: readonly unknown[]]>([
  ['a plain node passes', { unschedulable: true, taints: [taint, { ...taint, effect: 'NoExecute' }] }, []],
  ['a taint has a key', { taints: [{ ...taint, key: '' }] }, ['spec.taints[0].key: Invalid value: "": name part must be non-empty', expect.any(String)]],
  ['a value of a taint is like that of a label', { taints: [{ ...taint, value: '!' }] }, [expect.stringContaining('spec.taints[0].value: Invalid value: "!": a valid label must')]],
  ['a taint has an effect', { taints: [{ ...taint, effect: '' }] }, ['spec.taints[0].effect: Required value']],
  ['an effect is one of three', { taints: [{ ...taint, effect: 'Some' }] }, ['spec.taints[0].effect: Unsupported value: "Some": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"']],
  ['a taint is there once', { taints: [taint, { ...taint, value: 'c' }] }, [expect.stringMatching(/^spec\.taints\[1\]: Duplicate value: .*: taints must be unique by key and effect pair$/)]],
])('%s', (_title, spec, errors) => {
  expect(errorTexts(validateNode({ metadata, spec }))).toEqual(errors);
});

test.each<[title: string, old: NodeSpec, next: NodeSpec, errors: readonly string[]]>([
  ['cordoning passes', {}, { unschedulable: true }, []],
  ['addresses may be given', {}, { podCIDRs: ['10.1.0.0/24'] }, []],
  ['addresses stay', { podCIDRs: ['10.1.0.0/24'] }, { podCIDRs: ['10.2.0.0/24'] }, ['spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid']],
  ['a provider stays', { providerID: 'a://b' }, {}, ['spec.providerID: Forbidden: node updates may not change providerID except from "" to valid']],
])('%s', (_title, old, next, errors) => {
  expect(errorTexts(validateNodeUpdate({ metadata, spec: next }, { metadata, spec: old }))).toEqual(errors);
});

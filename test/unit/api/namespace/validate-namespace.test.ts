import { expect, test } from '@jest/globals';
import type { Namespace } from '../../../../src/api/generated/types.ts';
import { validateNamespace, validateNamespaceStatusUpdate } from '../../../../src/api/namespace/validate-namespace.ts';
import { errorTexts } from '../../../support/error-texts.ts';

test.each<[title: string, namespace: Namespace, errors: readonly unknown[]]>([
  ['a plain one passes', { metadata: { name: 'prod' }, spec: { finalizers: ['kubernetes'] } }, []],
  ['a name is a label', { metadata: { name: 'a.b' } }, [expect.stringContaining('metadata.name: Invalid value: "a.b": must not contain dots')]],
  ['what holds it back has a full name', { metadata: { name: 'prod' }, spec: { finalizers: ['mine'] } }, ['spec.finalizers[0]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified']],
])('%s', (_title, namespace, errors) => {
  expect(errorTexts(validateNamespace(namespace))).toEqual(errors);
});

const going = { name: 'prod', deletionTimestamp: '2026-03-01T12:00:00Z' };

test.each<[title: string, namespace: Namespace, errors: readonly string[]]>([
  ['one that stays is active', { metadata: { name: 'prod' }, status: { phase: 'Active' } }, []],
  ['one that stays is not terminating', { metadata: { name: 'prod' }, status: { phase: 'Terminating' } }, ["status.Phase: Invalid value: \"Terminating\": may only be 'Active' if `deletionTimestamp` is empty"]],
  ['one that goes is terminating', { metadata: going, status: { phase: 'Terminating' } }, []],
  ['one that goes is not active', { metadata: going, status: { phase: 'Active' } }, ["status.Phase: Invalid value: \"Active\": may only be 'Terminating' if `deletionTimestamp` is not empty"]],
])('%s', (_title, namespace, errors) => {
  expect(errorTexts(validateNamespaceStatusUpdate(namespace))).toEqual(errors);
});

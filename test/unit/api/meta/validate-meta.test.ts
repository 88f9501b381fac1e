import { expect, test } from '@jest/globals';
import { checkSubdomain, SUBDOMAIN_TEXT } from '../../../../src/api/dns-name.ts';
import type { ObjectMeta } from '../../../../src/api/generated/types.ts';
import { validateMeta, validateMetaUpdate } from '../../../../src/api/meta/validate-meta.ts';
import { errorTexts } from '../../../support/error-texts.ts';

const OWNER = { apiVersion: 'batch/v1', kind: 'Job', name: 'pi', uid: '1' };
const QUALIFIED = expect.stringContaining('name part must consist of alphanumeric characters');

test.each<[title: string, meta: ObjectMeta, errors: readonly unknown[]]>([
  ['a name alone is enough', {}, []],
  ['everything that is well formed passes', { labels: { 'example.com/a': 'b', c: '' }, annotations: { 'Example.com/Any': 'any thing\n' }, finalizers: ['example.com/x', 'orphan'], ownerReferences: [{ ...OWNER, controller: true }, OWNER] }, []],
  ['a name must fit the kind', { name: 'A_b' }, [`metadata.name: Invalid value: "A_b": ${SUBDOMAIN_TEXT}`]],
  ['the base of a generated name may end with a dash', { generateName: 'job-' }, []],
  ['the base of a generated name must fit the kind', { generateName: 'Job-' }, [`metadata.generateName: Invalid value: "Job-": ${SUBDOMAIN_TEXT}`]],
  ['a label has a qualified name', { labels: { 'a b': 'c' } }, [expect.stringMatching(/^metadata\.labels: Invalid value: "a b": name part must consist/)]],
  ['a label has a valid value', { labels: { a: 'b c' } }, [expect.stringMatching(/^metadata\.labels: Invalid value: "b c": a valid label must be an empty string or consist/)]],
  ['an annotation has a qualified name', { annotations: { 'a b': 'c' } }, [expect.stringMatching(/^metadata\.annotations: Invalid value: "a b": name part/)]],
  ['annotations have 256 KiB together', { annotations: { a: 'x'.repeat(262_143) } }, []],
  ['annotations have no more than 256 KiB', { annotations: { a: 'x'.repeat(262_144) } }, ['metadata.annotations: Too long: may not be more than 262144 bytes']],
  ['annotations are counted in bytes, not in characters', { annotations: { a: 'é'.repeat(140_000) } }, ['metadata.annotations: Too long: may not be more than 262144 bytes']],
  ['a finalizer of one word is a standard one', { finalizers: ['mine'] }, ['metadata.finalizers[0]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified']],
  ['a finalizer is a qualified name', { finalizers: ['example.com/a b'] }, [expect.stringMatching(/^metadata\.finalizers: Invalid value: "example.com\/a b": name part/)]],
  ['a deletion either orphans or waits', { finalizers: ['orphan', 'foregroundDeletion'] }, ['metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set']],
  [
    'an owner is named in full',
    { ownerReferences: [{ apiVersion: 'batch/', kind: '', name: '', uid: '' }] },
    [
      'metadata.ownerReferences.apiVersion: Invalid value: "batch/": version must not be empty',
      'metadata.ownerReferences.kind: Invalid value: "": must not be empty',
      'metadata.ownerReferences.name: Invalid value: "": must not be empty',
      'metadata.ownerReferences.uid: Invalid value: "": must not be empty',
    ],
  ],
  ['only one owner is the controller', { ownerReferences: [{ ...OWNER, controller: true }, { ...OWNER, name: 'e', controller: true }] }, [expect.stringMatching(/Only one reference can have Controller set to true\. Found "true" in references for Job\/pi and Job\/e$/)]],
  ['an Event owns nothing', { ownerReferences: [{ ...OWNER, apiVersion: 'v1', kind: 'Event' }] }, [expect.stringMatching(/\/v1, Kind=Event is disallowed from being an owner$/)]],
])('%s', (_title, meta, errors) => {
  expect(errorTexts(validateMeta({ name: 'x', ...meta }, checkSubdomain))).toEqual(errors);
});

test('an update does not judge the name again', () => {
  expect(validateMetaUpdate({ name: 'A_b', generateName: 'B_' })).toEqual([]);
});

test('an update judges what may change', () => {
  expect(errorTexts(validateMetaUpdate({ name: 'a', labels: { 'a b': '' } }))).toEqual([expect.stringContaining('metadata.labels')]);
  expect(validateMetaUpdate({ labels: { '/': '' } })[0]?.body).toEqual(expect.stringContaining('prefix part must be non-empty'));
  expect(validateMetaUpdate({ labels: { _: '' } })[0]?.body).toEqual(QUALIFIED);
});

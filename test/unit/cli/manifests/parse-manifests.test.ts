// Texts of manifest files to objects and errors.
import { describe, expect, test } from '@jest/globals';
import { parseManifests } from '../../../../src/cli/manifests/parse-manifests.ts';

const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
const names = (text: string): unknown[] => parseManifests(text, 'f.yaml').manifests.map(({ object }) => object.metadata?.name);
const errors = (text: string): string[] => parseManifests(text, 'f.yaml').errors.map(({ message }) => message);

describe('documents', () => {
  test.each<[string, string, readonly (readonly [string, number])[]]>([
    ['nothing to do', '', []],
    ['comments and separators only', '---\n# x\n---\n  # y\n---\n', []],
    ['null', 'null\n', []],
    ['one document', CONFIG, [['a', 1]]],
    ['two documents, with comments at the separator', `${CONFIG}--- # two\n${CONFIG}`, [['a', 1], ['a', 5]]],
    ['a document end before the separator', `${CONFIG}...\n---\n${CONFIG}`, [['a', 1], ['a', 6]]],
    ['Windows line ends', `${CONFIG}---\n${CONFIG}`.replaceAll('\n', '\r\n'), [['a', 1], ['a', 5]]],
    ['a byte order mark', `\ufeff${CONFIG}`, [['a', 1]]],
    ['a separator inside a block of text is text when indented', `${CONFIG}data:\n  k: |\n    x\n    ---\n    y\n`, [['a', 1]]],
    ['JSON', '{"apiVersion":"v1","kind":"X","metadata":{"name":"j"}}', [['j', 1]]],
    [
      'JSON values one after the other',
      '{"apiVersion":"v1","kind":"X","metadata":{"name":"}{"}}\n{"apiVersion":"v1","kind":"X","metadata":{"name":"k"}}',
      [['}{', 1], ['k', 2]],
    ],
    ['flow YAML that is no JSON', '{apiVersion: v1, kind: X, metadata: {name: j},}', [['j', 1]]],
    ['a List', 'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: X, metadata: {name: p}}\n- {apiVersion: v1, kind: Z, metadata: {name: q}}\n', [['p', 1], ['q', 1]]],
    ['an empty List', 'apiVersion: v1\nkind: List\nitems: []\n', []],
    ['a List in a List', 'kind: List\nitems:\n- kind: List\n  items:\n  - {apiVersion: v1, kind: X, metadata: {name: p}}\n', [['p', 1]]],
  ])('%s', (_, text, expected) => {
    const { manifests, errors: found } = parseManifests(text, 'f.yaml');
    expect(found).toEqual([]);
    expect(manifests.map(({ object, source }) => [object.metadata?.name, source.line])).toEqual(expected);
  });

  test('items of a typed list need no kind of their own', () => {
    const { manifests } = parseManifests('apiVersion: batch/v1\nkind: JobList\nitems:\n- metadata: {name: a}\n', 'f.yaml');
    expect(manifests[0]!.object).toEqual({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'a' } });
  });

  test('one broken document leaves the others alone', () => {
    const text = `${CONFIG}---\nfoo: [\n---\nkind: X\n---\n${CONFIG}`;
    expect(names(text)).toEqual(['a', 'a']);
    expect(errors(text)).toHaveLength(2);
  });

  test('a key given twice counts last, with a warning that says where', () => {
    const { manifests, warnings } = parseManifests(`${CONFIG}data:\n  a: one\n  a: two\n`, 'f.yaml');
    expect(manifests[0]!.object).toMatchObject({ data: { a: 'two' } });
    expect(warnings).toEqual(['f.yaml: line 6: column 3: duplicate key "a": the last one counts']);
  });
});

describe('errors', () => {
  test.each<[string, string, RegExp]>([
    ['a bracket left open', `---\n${CONFIG}x: {a: b\n`, /^error parsing f\.yaml: error converting YAML to JSON: yaml: line 6: column 1: deficient indentation: expected/],
    ['a tab', 'a:\n\tb: c\n', /line 2: column 1: tab characters must not be used in indentation\n  1 \| a:\n  2 \| →b: c\n    \| \^$/],
    ['a colon in a value', 'a: b: c\n', /line 1: column 5: bad indentation of a mapping entry: expected .*\n  1 \| a: b: c\n    \|     \^$/],
    ['a list where a map goes on', 'a: b\n- c\n', /line 2: column 1: .*expected a key that lines up/],
    ['an unknown anchor', 'a: *b\n', /line 1: column 5: unidentified alias "b"/],
    ['an anchor inside itself', 'a: &a [*a]\n', /an anchor contains itself/],
    ['text behind a separator', '--- {a: b}\n', /line 1: invalid Yaml document separator: \{a: b\}/],
    ['a word', 'hello\n', /^unable to decode "f\.yaml": expected an object with apiVersion and kind at line 1, got the string "hello"$/],
    ['a list', `${CONFIG}---\n- a\n`, /expected an object with apiVersion and kind at line 5, got a list$/],
    ['no kind', 'apiVersion: v1\nmetadata: {name: x}\n', /^unable to decode "f\.yaml": Object 'Kind' is missing in '\{"apiVersion":"v1","metadata":\{"name":"x"\}\}'$/],
    ['no apiVersion', 'kind: Job\n', /Object 'apiVersion' is missing in '\{"kind":"Job"\}'$/],
    ['a kind that is no string', 'apiVersion: v1\nkind: 5\n', /Object 'Kind' is missing in/],
    ['metadata that is no map', 'apiVersion: v1\nkind: X\nmetadata: foo\n', /json: cannot unmarshal string into Go struct field metadataOnlyObject\.metadata of type v1\.ObjectMeta \(line 3\)$/],
    ['a name that YAML reads as a boolean', 'apiVersion: v1\nkind: X\nmetadata:\n  name: y\n', /cannot unmarshal bool into Go struct field ObjectMeta\.metadata\.name of type string \(line 4: put the value in quotes\)$/],
    ['a label that is a number', 'apiVersion: v1\nkind: X\nmetadata:\n  labels: {a: b, c: 5}\n', /cannot unmarshal number into Go struct field ObjectMeta\.metadata\.labels of type string \(line 4/],
    ['labels that are a string', 'apiVersion: v1\nkind: X\nmetadata: {labels: foo}\n', /labels of type map\[string\]string/],
    ['a wrong item of a List', 'kind: List\nitems:\n- {apiVersion: v1, kind: X}\n-\n  apiVersion: v1\n  kind: X\n  metadata:\n    name: 7\n', /\(line 8: put the value in quotes\)/],
  ])('%s', (_, text, message) => {
    expect(errors(text)).toEqual([expect.stringMatching(message)]);
  });
});

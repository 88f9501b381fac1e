import { expect, test } from '@jest/globals';
import { SUBDOMAIN_TEXT } from '../../../../src/api/dns-name.ts';
import type { Container, EnvVarSource } from '../../../../src/api/generated/types.ts';
import { validatePod } from '../../../../src/api/pod/validate-pod.ts';
import { errorTexts } from '../../../support/error-texts.ts';
import { withContainer } from '../../../support/sample-pod.ts';

const E = 'spec.containers[0].env[0]';
const F = 'spec.containers[0].envFrom';

const from = (valueFrom: EnvVarSource, value?: string): Partial<Container> => ({ env: [{ name: 'A', valueFrom, ...(value === undefined ? {} : { value }) }] });
const field = (fieldPath: string): Partial<Container> => from({ fieldRef: { fieldPath } });
const resource = (name: string, divisor?: string): Partial<Container> => from({ resourceFieldRef: { resource: name, ...(divisor === undefined ? {} : { divisor }) } });

test.each<[title: string, container: Partial<Container>, errors: readonly unknown[]]>([
  ['plain values pass', { env: [{ name: 'A', value: 'b' }, { name: 'a.b-c 1' }] }, []],
  ['a variable has a name', { env: [{ name: '', value: 'b' }] }, [`${E}.name: Required value`]],
  ['a name has no equals sign', { env: [{ name: 'a=b' }] }, [`${E}.name: Invalid value: "a=b": a valid environment variable name must consist only of printable ASCII characters other than '='`]],
  ['a source says what it is', from({}), [`${E}.valueFrom: Invalid value: "": must specify one of: \`fieldRef\`, \`resourceFieldRef\`, \`configMapKeyRef\` or \`secretKeyRef\``]],
  ['a value has one source', from({ fieldRef: { fieldPath: 'metadata.name' }, secretKeyRef: { name: 's', key: 'k' } }), [`${E}.valueFrom: Invalid value: "": may not have more than one field specified at a time`]],
  ['a value has no source beside it', from({ secretKeyRef: { name: 's', key: 'k' } }, 'b'), [`${E}.valueFrom: Invalid value: "": may not be specified when \`value\` is not empty`]],
  ['a key of a ConfigMap passes', from({ configMapKeyRef: { name: 'c', key: 'k.txt', optional: true } }), []],
  ['a key is named', from({ configMapKeyRef: { name: 'c', key: '' } }), [`${E}.valueFrom.configMapKeyRef.key: Required value`]],
  ['a key is well formed', from({ secretKeyRef: { name: 's', key: 'a/b' } }), [expect.stringMatching(/^spec\.containers\[0\]\.env\[0\]\.valueFrom\.secretKeyRef\.key: Invalid value: "a\/b": a valid config key must/)]],
  ['a ConfigMap is named', from({ configMapKeyRef: { key: 'k' } }), [`${E}.valueFrom.configMapKeyRef.name: Invalid value: "": ${SUBDOMAIN_TEXT}`]],
  ['the Pod name passes', field('metadata.name'), []],
  ['one label passes', field("metadata.labels['app']"), []],
  ['one annotation passes', field("metadata.annotations['Example.com/a']"), []],
  ['a field is named', field(''), [`${E}.valueFrom.fieldRef.fieldPath: Required value`]],
  ['all labels do not fit into a variable', field('metadata.labels'), [`${E}.valueFrom.fieldRef.fieldPath: Unsupported value: "metadata.labels": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"`]],
  ['an unknown field cannot be converted', field('spec.foo'), [`${E}.valueFrom.fieldRef.fieldPath: Invalid value: "spec.foo": error converting fieldPath: field label not supported: spec.foo`]],
  ['a name has no keys', field("metadata.name['a']"), [`${E}.valueFrom.fieldRef: Invalid value: "metadata.name": does not support subscript`]],
  ['a label key is qualified', field("metadata.labels['a b']"), [expect.stringMatching(/^spec\.containers\[0\]\.env\[0\]\.valueFrom\.fieldRef: Invalid value: "a b": name part/)]],
  ['a resource passes', resource('limits.memory', '1Mi'), []],
  ['a resource is named', resource(''), [`${E}.valueFrom.resourceFieldRef.resource: Required value`]],
  ['a resource is a limit or request', resource('limits.disk'), [`${E}.valueFrom.resourceFieldRef.resource: Unsupported value: "limits.disk": supported values: "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"`]],
  ['cpu is divided by one or a thousandth', resource('limits.cpu', '2'), [`${E}.valueFrom.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor's values 1m and 1 are supported with the cpu resource`]],
  ['a thousandth may be written as a fraction', resource('requests.cpu', '0.001'), []],
  ['memory is divided by a unit', resource('limits.memory', '2Mi'), [`${E}.valueFrom.resourceFieldRef.divisor: Invalid value: "limits.memory": only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the memory resource`]],
  ['whole sources pass', { envFrom: [{ prefix: 'P_', configMapRef: { name: 'c' } }, { secretRef: { name: 's' } }] }, []],
  ['a whole source says what it is', { envFrom: [{}] }, [`${F}: Invalid value: "": must specify one of: \`configMapRef\` or \`secretRef\``]],
  ['a whole source is one', { envFrom: [{ configMapRef: { name: 'c' }, secretRef: { name: 's' } }] }, [`${F}: Invalid value: "": may not have more than one field specified at a time`]],
  ['a whole source is named', { envFrom: [{ configMapRef: {} }] }, [`${F}[0].configMapRef.name: Required value`]],
  ['a whole source is well named', { envFrom: [{ secretRef: { name: 'A_' } }] }, [`${F}[0].secretRef.name: Invalid value: "A_": ${SUBDOMAIN_TEXT}`]],
  ['a prefix has no equals sign', { envFrom: [{ prefix: '=', secretRef: { name: 's' } }] }, [expect.stringContaining(`${F}[0].prefix: Invalid value: "="`)]],
])('%s', (_title, container, errors) => {
  expect(errorTexts(validatePod(withContainer(container)))).toEqual(errors);
});

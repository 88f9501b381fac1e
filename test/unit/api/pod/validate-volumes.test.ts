import { expect, test } from '@jest/globals';
import { LABEL_TEXT } from '../../../../src/api/dns-name.ts';
import type { Container, Volume, VolumeMount } from '../../../../src/api/generated/types.ts';
import { validatePod } from '../../../../src/api/pod/validate-pod.ts';
import { errorTexts } from '../../../support/error-texts.ts';
import { samplePod, withContainer } from '../../../support/sample-pod.ts';

const V = 'spec.volumes[0]';
const MODE = 'must be a number between 0 and 0777 (octal), both inclusive';

test.each<[title: string, volumes: readonly Volume[], errors: readonly string[]]>([
  ['one of each kind that is served passes', [{ name: 'a', configMap: { name: 'c', items: [{ key: 'k', path: 'x/y', mode: 0o400 }] } }, { name: 'b', secret: { secretName: 's' } }, { name: 'c' }, { name: 'd', hostPath: { path: '/var', type: 'Directory' } }, { name: 'e', downwardAPI: { items: [{ path: 'l', fieldRef: { fieldPath: 'metadata.labels' } }] } }], []],
  ['a volume has a name', [{ name: '', emptyDir: {} }], [`${V}.name: Required value`]],
  ['a name is a DNS label', [{ name: 'a_b', emptyDir: {} }], [`${V}.name: Invalid value: "a_b": ${LABEL_TEXT}`]],
  ['a name is there once', [{ name: 'a' }, { name: 'a' }], ['spec.volumes[1].name: Duplicate value: "a"']],
  ['a volume is one thing', [{ name: 'a', emptyDir: {}, hostPath: { path: '/x' } }], [`${V}.hostPath: Forbidden: may not specify more than 1 volume type`]],
  ['a ConfigMap is named', [{ name: 'a', configMap: {} }], [`${V}.configMap.name: Required value`]],
  ['a Secret is named', [{ name: 'a', secret: {} }], [`${V}.secret.secretName: Required value`]],
  ['a mode has three digits', [{ name: 'a', secret: { secretName: 's', defaultMode: 0o1000 } }], [`${V}.secret.defaultMode: Invalid value: 512: ${MODE}`]],
  ['an item has key and path', [{ name: 'a', configMap: { name: 'c', items: [{ key: '', path: '' }] } }], [`${V}.configMap.items[0].key: Required value`, `${V}.configMap.items[0].path: Required value`]],
  ['an item stays in the volume', [{ name: 'a', configMap: { name: 'c', items: [{ key: 'k', path: '/etc/passwd' }, { key: 'k', path: '../x' }, { key: 'k', path: '..x' }] } }], [`${V}.configMap.items[0].path: Invalid value: "/etc/passwd": must be a relative path`, `${V}.configMap.items[1].path: Invalid value: "../x": must not contain '..'`, `${V}.configMap.items[2].path: Invalid value: "..x": must not start with '..'`]],
  ['a size is not negative', [{ name: 'a', emptyDir: { sizeLimit: '-1' } }], [`${V}.emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity`]],
  ['a host path is there', [{ name: 'a', hostPath: { path: '' } }], [`${V}.hostPath.path: Required value`]],
  ['a host path goes straight', [{ name: 'a', hostPath: { path: '/a/../b' } }], [`${V}.hostPath.path: Invalid value: "/a/../b": must not contain '..'`]],
  ['a host path is of a known type', [{ name: 'a', hostPath: { path: '/a', type: 'Folder' } }], [`${V}.hostPath.type: Unsupported value: "Folder": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"`]],
  ['a downward file shows something', [{ name: 'a', downwardAPI: { items: [{ path: 'x' }] } }], [`${V}.downwardAPI: Required value: one of fieldRef and resourceFieldRef is required`]],
  ['a downward file shows one thing', [{ name: 'a', downwardAPI: { items: [{ path: 'x', fieldRef: { fieldPath: 'metadata.uid' }, resourceFieldRef: { containerName: 'main', resource: 'limits.cpu' } }] } }], [`${V}.downwardAPI: Invalid value: "resource": fieldRef and resourceFieldRef can not be specified simultaneously`]],
  ['a downward file says whose resource it shows', [{ name: 'a', downwardAPI: { items: [{ path: 'x', resourceFieldRef: { resource: 'limits.cpu' } }] } }], [`${V}.downwardAPI.resourceFieldRef.containerName: Required value`]],
  ['addresses are not known to files', [{ name: 'a', downwardAPI: { items: [{ path: 'x', fieldRef: { fieldPath: 'status.podIP' } }] } }], [`${V}.downwardAPI.fieldRef.fieldPath: Unsupported value: "status.podIP": supported values: "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"`]],
  ['a claim is named', [{ name: 'a', persistentVolumeClaim: { claimName: '' } }], [`${V}.persistentVolumeClaim.claimName: Required value`]],
  ['an ephemeral volume has a template', [{ name: 'a', ephemeral: {} }], [`${V}.ephemeral.volumeClaimTemplate: Required value`]],
  ['whose claim is judged', [{ name: 'a', ephemeral: { volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'] } } } }], [`${V}.ephemeral.volumeClaimTemplate.spec.resources[storage]: Required value`]],
  ['a projection passes', [{ name: 'a', projected: { sources: [{ secret: { name: 's', items: [{ key: 'k', path: 'a' }] } }, { configMap: { name: 'c' } }, { serviceAccountToken: { path: 't' } }] } }], []],
  ['a projection has one file a path', [{ name: 'a', projected: { sources: [{ secret: { name: 's', items: [{ key: 'k', path: 'a' }] } }, { configMap: { name: 'c', items: [{ key: 'k', path: 'a' }] } }] } }], [`${V}.projected: Invalid value: "c": conflicting duplicate paths`]],
  ['a source of a projection is one', [{ name: 'a', projected: { sources: [{ secret: { name: 's' }, configMap: { name: 'c' } }] } }], [`${V}.projected.sources[0]: Forbidden: may not specify more than 1 volume type per source`]],
  ['a source of a projection is named', [{ name: 'a', projected: { sources: [{ secret: {} }] } }], [`${V}.projected.sources[0].secret.name: Required value`]],
  ['a token lives ten minutes', [{ name: 'a', projected: { sources: [{ serviceAccountToken: { path: 't', expirationSeconds: 60 } }] } }], [`${V}.projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes`]],
])('%s', (_title, volumes, errors) => {
  // A token needs an account, which admission gives to every Pod.
  expect(errorTexts(validatePod(samplePod({ volumes: [...volumes], serviceAccountName: 'default' })))).toEqual(errors);
});

const M = 'spec.containers[0].volumeMounts';
const mount = (...volumeMounts: VolumeMount[]): Partial<Container> => ({ volumeMounts });

test.each<[title: string, container: Partial<Container>, errors: readonly string[]]>([
  ['mounts pass', mount({ name: 'v', mountPath: '/a', subPath: 'x/y' }, { name: 'v', mountPath: '/b', readOnly: true }), []],
  ['a mount is of a volume', mount({ name: 'w', mountPath: '/a' }), [`${M}[0].name: Not found: "w"`]],
  ['a mount is named', mount({ name: '', mountPath: '/a' }), [`${M}[0].name: Required value`, `${M}[0].name: Not found: ""`]],
  ['a mount is somewhere', mount({ name: 'v', mountPath: '' }), [`${M}[0].mountPath: Required value`]],
  ['two mounts are in two places', mount({ name: 'v', mountPath: '/a' }, { name: 'v', mountPath: '/a' }), [`${M}[1].mountPath: Invalid value: "/a": must be unique`]],
  ['a sub-path is relative', mount({ name: 'v', mountPath: '/a', subPath: '/x' }), [`${M}.subPath: Invalid value: "/x": must be a relative path`]],
  ['a sub-path stays in the volume', mount({ name: 'v', mountPath: '/a', subPathExpr: '$(A)/../x' }), [`${M}.subPathExpr: Invalid value: "$(A)/../x": must not contain '..'`]],
  ['a sub-path is written or worked out', mount({ name: 'v', mountPath: '/a', subPath: 'x', subPathExpr: '$(A)' }), [`${M}[0].subPathExpr: Invalid value: "$(A)": subPathExpr and subPath are mutually exclusive`]],
  ['a propagation is one of three', mount({ name: 'v', mountPath: '/a', mountPropagation: 'Both' }), [`${M}.mountPropagation: Unsupported value: "Both": supported values: "Bidirectional", "HostToContainer", "None"`]],
  ['only the privileged mount both ways', mount({ name: 'v', mountPath: '/a', mountPropagation: 'Bidirectional' }), [`${M}.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers`]],
  ['what is recursively read-only is read-only', mount({ name: 'v', mountPath: '/a', recursiveReadOnly: 'Enabled' }), [`${M}.recursiveReadOnly: Forbidden: may only be specified when readOnly is true`]],
  ['a device is a claim', { volumeDevices: [{ name: 'v', devicePath: '/dev/x' }] }, ['spec.containers[0].volumeDevices[0].name: Invalid value: "v": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode']],
])('%s', (_title, container, errors) => {
  expect(errorTexts(validatePod(withContainer(container, { volumes: [{ name: 'v' }] })))).toEqual(errors);
});

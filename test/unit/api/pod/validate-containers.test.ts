import { describe, expect, test } from '@jest/globals';
import { LABEL_TEXT } from '../../../../src/api/dns-name.ts';
import type { Container, ContainerRestartRule, PodSpec } from '../../../../src/api/generated/types.ts';
import { validatePod } from '../../../../src/api/pod/validate-pod.ts';
import { errorTexts } from '../../../support/error-texts.ts';
import { samplePod, withContainer } from '../../../support/sample-pod.ts';

const C = 'spec.containers[0]';
const ONLY_SIDECARS = 'Forbidden: may not be set for init containers without restartPolicy=Always';
const rule: ContainerRestartRule = { action: 'Restart', exitCodes: { operator: 'In', values: [42] } };

test.each<[title: string, container: Partial<Container>, errors: readonly unknown[]]>([
  ['a plain container passes', {}, []],
  ['a container has a name', { name: '' }, [`${C}.name: Required value`]],
  ['a name is a DNS label', { name: 'My_App' }, [`${C}.name: Invalid value: "My_App": ${LABEL_TEXT}`]],
  ['a container has an image', { image: '' }, [`${C}.image: Required value`]],
  ['an image has no spaces around it', { image: ' busybox' }, [`${C}.image: Invalid value: " busybox": must not have leading or trailing whitespace`]],
  ['a pull policy is one of three', { imagePullPolicy: 'Sometimes' }, [`${C}.imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"`]],
  ['a message policy is one of two', { terminationMessagePolicy: 'Log' }, [`${C}.terminationMessagePolicy: Unsupported value: "Log": supported values: "File", "FallbackToLogsOnError"`]],
  ['ports pass', { ports: [{ name: 'web', containerPort: 80 }, { containerPort: 80, protocol: 'UDP' }] }, []],
  ['a port has a number', { ports: [{ containerPort: 0 }] }, [`${C}.ports[0].containerPort: Required value`]],
  ['a port is in range', { ports: [{ containerPort: 65_536, hostPort: -1 }] }, [`${C}.ports[0].containerPort: Invalid value: 65536: must be between 1 and 65535, inclusive`, `${C}.ports[0].hostPort: Invalid value: -1: must be between 1 and 65535, inclusive`]],
  ['a port name is short', { ports: [{ name: 'abcdefghijklmnop', containerPort: 80 }] }, [`${C}.ports[0].name: Invalid value: "abcdefghijklmnop": must be no more than 15 bytes`]],
  ['a port name is there once', { ports: [{ name: 'web', containerPort: 80 }, { name: 'web', containerPort: 81 }] }, [`${C}.ports[1].name: Duplicate value: "web"`]],
  ['a protocol is one of three', { ports: [{ containerPort: 80, protocol: 'HTTP' }] }, [`${C}.ports[0].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"`]],
  ['a port of the host is there once', { ports: [{ containerPort: 80, hostPort: 8080 }, { containerPort: 81, hostPort: 8080 }] }, [`${C}.ports[1].hostPort: Duplicate value: "TCP//8080"`]],
  ['resources pass', { resources: { limits: { cpu: '1', memory: '64Mi' }, requests: { cpu: '500m' } } }, []],
  ['a request is at most its limit', { resources: { limits: { cpu: '100m' }, requests: { cpu: '0.5' } } }, [`${C}.resources.requests: Invalid value: "500m": must be less than or equal to cpu limit of 100m`]],
  ['a quantity is not negative', { resources: { limits: { memory: '-1Mi' } } }, [`${C}.resources.limits[memory]: Invalid value: "-1Mi": must be greater than or equal to 0`, `${C}.resources.requests[memory]: Invalid value: "-1Mi": must be greater than or equal to 0`]],
  ['a resource of one word is a standard one', { resources: { limits: { disk: '1' } } }, [`${C}.resources.limits[disk]: Invalid value: "disk": must be a standard resource for containers`, `${C}.resources.requests[disk]: Invalid value: "disk": must be a standard resource for containers`]],
  ['devices are whole', { resources: { limits: { 'example.com/gpu': '0.5' } } }, [`${C}.resources.limits[example.com/gpu]: Invalid value: "500m": must be an integer`, `${C}.resources.requests[example.com/gpu]: Invalid value: "500m": must be an integer`]],
  ['devices are requested as they are limited', { resources: { limits: { 'example.com/gpu': '2' }, requests: { 'example.com/gpu': '1' } } }, [`${C}.resources.requests: Invalid value: "1": must be equal to example.com/gpu limit of 2`]],
  ['huge pages need cpu or memory', { resources: { limits: { 'hugepages-2Mi': '2Mi' } } }, [`${C}.resources: Forbidden: HugePages require cpu or memory`]],
  ['what runs as whom passes', { securityContext: { runAsUser: 1000, runAsGroup: 0, capabilities: { add: ['NET_ADMIN'] } } }, []],
  ['a user id is not negative', { securityContext: { runAsUser: -1 } }, [`${C}.securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive`]],
  ['the privileged cannot be kept from privileges', { securityContext: { privileged: true, allowPrivilegeEscalation: false } }, [expect.stringMatching(/^spec\.containers\[0\]\.securityContext: .*cannot set `allowPrivilegeEscalation` to false and `privileged` to true$/)]],
  ['a seccomp profile of this host has a path', { securityContext: { seccompProfile: { type: 'Localhost' } } }, [`${C}.securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost`]],
  ['a container may restart by itself', { restartPolicy: 'OnFailure', restartPolicyRules: [rule] }, []],
  ['a restart policy is one of three', { restartPolicy: 'Maybe' }, [`${C}.restartPolicy: Unsupported value: "Maybe": supported values: "Always", "Never", "OnFailure"`]],
  ['restart rules need a policy', { restartPolicyRules: [rule] }, [`${C}.restartPolicy: Required value: must specify restartPolicy when restart rules are used`]],
  ['a restart rule restarts on exit codes', { restartPolicy: 'Never', restartPolicyRules: [{ action: 'Stop' }] }, [`${C}.restartPolicyRules[0].action: Unsupported value: "Stop": supported values: "Restart"`, `${C}.restartPolicyRules[0].exitCodes: Required value: must be specified`]],
  ['there are at most 20 restart rules', { restartPolicy: 'Never', restartPolicyRules: Array.from({ length: 21 }, () => rule) }, [`${C}.restartPolicyRules: Too many: 21: must have at most 20 items`]],
  ['a stop signal needs a system', { lifecycle: { stopSignal: 'SIGINT' } }, [`${C}.lifecycle.stopSignal: Forbidden: may not be set for containers with empty \`spec.os.name\``]],
  ['a resize policy is there once', { resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }, { resourceName: 'cpu', restartPolicy: 'NotRequired' }] }, [`${C}.resizePolicy[1]: Duplicate value: "cpu"`]],
])('%s', (_title, container, errors) => {
  expect(errorTexts(validatePod(withContainer(container)))).toEqual(errors);
});

test.each<[title: string, container: Partial<Container>, errors: readonly string[]]>([
  ['probes and hooks pass', { livenessProbe: { httpGet: { port: 'web', path: '/' } }, readinessProbe: { tcpSocket: { port: 80 }, successThreshold: 2 }, startupProbe: { exec: { command: ['true'] } }, lifecycle: { preStop: { sleep: { seconds: 30 } } } }, []],
  ['a probe does something', { livenessProbe: {} }, [`${C}.livenessProbe: Required value: must specify a handler type`]],
  ['a probe does one thing', { livenessProbe: { exec: { command: ['true'] }, tcpSocket: { port: 80 } } }, [`${C}.livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type`]],
  ['a command has words', { livenessProbe: { exec: {} } }, [`${C}.livenessProbe.exec.command: Required value`]],
  ['a probed port is in range', { livenessProbe: { tcpSocket: { port: 0 } } }, [`${C}.livenessProbe.tcpSocket.port: Invalid value: 0: must be between 1 and 65535, inclusive`]],
  ['a probed port may be named', { livenessProbe: { tcpSocket: { port: '80' } } }, [`${C}.livenessProbe.tcpSocket.port: Invalid value: "80": must contain at least one letter (a-z)`]],
  ['a scheme is one of two', { livenessProbe: { httpGet: { port: 80, scheme: 'FTP' } } }, [`${C}.livenessProbe.httpGet.scheme: Unsupported value: "FTP": supported values: "HTTP", "HTTPS"`]],
  ['a counter is not negative', { readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: -1 } }, [`${C}.readinessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0`]],
  ['one success is enough to live', { livenessProbe: { tcpSocket: { port: 80 }, successThreshold: 2 } }, [`${C}.livenessProbe.successThreshold: Invalid value: 2: must be 1`]],
  ['readiness kills nobody, so it has no grace period', { readinessProbe: { tcpSocket: { port: 80 }, terminationGracePeriodSeconds: 1 } }, [`${C}.readinessProbe.terminationGracePeriodSeconds: Invalid value: 1: must not be set for readinessProbes`]],
  ['a grace period is more than nothing', { livenessProbe: { tcpSocket: { port: 80 }, terminationGracePeriodSeconds: 0 } }, [`${C}.livenessProbe.terminationGracePeriodSeconds: Invalid value: 0: must be greater than 0`]],
  ['a sleep fits into the grace period', { lifecycle: { preStop: { sleep: { seconds: 31 } } } }, [`${C}.lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)`]],
  ['a hook does something', { lifecycle: { postStart: {} } }, [`${C}.lifecycle.postStart: Required value: must specify a handler type`]],
])('%s', (_title, container, errors) => {
  expect(errorTexts(validatePod(withContainer(container)))).toEqual(errors);
});

describe('several containers', () => {
  const I = 'spec.initContainers[0]';
  const a: Container = { name: 'a', image: 'x:1' };

  test.each<[title: string, spec: Partial<PodSpec>, errors: readonly string[]]>([
    ['with different names pass', { containers: [a, { ...a, name: 'b' }], initContainers: [{ ...a, name: 'c' }] }, []],
    ['there is at least one', { containers: [] }, ['spec.containers: Required value']],
    ['names are there once', { containers: [a, a] }, ['spec.containers[1].name: Duplicate value: "a"']],
    ['names of init containers count too', { containers: [a], initContainers: [a] }, [`${I}.name: Duplicate value: "a"`]],
    ['containers side by side want different ports of the host', { containers: [{ ...a, ports: [{ containerPort: 1, hostPort: 80 }] }, { ...a, name: 'b', ports: [{ containerPort: 2, hostPort: 80 }] }] }, ['spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//80"']],
    ['an init container is not probed', { initContainers: [{ ...a, name: 'i', readinessProbe: { tcpSocket: { port: 80 } }, lifecycle: {} }] }, [`${I}.lifecycle: ${ONLY_SIDECARS}`, `${I}.readinessProbe: ${ONLY_SIDECARS}`]],
    ['a sidecar is probed', { initContainers: [{ ...a, name: 'i', restartPolicy: 'Always', readinessProbe: { tcpSocket: { port: 80 } } }] }, []],
    ['init containers are judged as others are', { initContainers: [{ ...a, name: 'i', image: '' }] }, [`${I}.image: Required value`]],
  ])('%s', (_title, spec, errors) => {
    expect(errorTexts(validatePod(samplePod(spec)))).toEqual(errors);
  });
});

test('a stop signal is one that the system has', () => {
  const errorsOf = (stopSignal: string): string[] => errorTexts(validatePod(withContainer({ lifecycle: { stopSignal } }, { os: { name: 'linux' } })));
  expect(errorsOf('SIGINT')).toEqual([]);
  expect(errorsOf('SIGRTMIN+3')).toEqual([]);
  expect(errorsOf('INT')).toEqual([expect.stringMatching(/^spec\.containers\[0\]\.lifecycle\.stopSignal: Unsupported value: "INT": supported values: "SIGABRT", /)]);
});

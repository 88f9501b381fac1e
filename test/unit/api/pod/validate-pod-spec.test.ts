import { expect, test } from '@jest/globals';
import { SUBDOMAIN_TEXT } from '../../../../src/api/dns-name.ts';
import type { Affinity, PodSpec, Toleration, TopologySpreadConstraint } from '../../../../src/api/generated/types.ts';
import { validatePod } from '../../../../src/api/pod/validate-pod.ts';
import { errorTexts } from '../../../support/error-texts.ts';
import { samplePod, withContainer } from '../../../support/sample-pod.ts';

const IP = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
const host = { hostNetwork: true };

test.each<[title: string, spec: Partial<PodSpec>, errors: readonly unknown[]]>([
  ['a plain Pod passes', {}, []],
  ['a restart policy is one of three', { restartPolicy: 'Sometimes' }, ['spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"']],
  ['a deadline is at least a second', { activeDeadlineSeconds: 0 }, ['spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive']],
  ['a host name is a label', { hostname: 'a.b' }, [`spec.hostname: Invalid value: "a.b": must not contain dots`]],
  ['a name that overrides all others may have dots', { hostnameOverride: 'mail.example.com' }, []],
  ['but no more characters than the kernel takes', { hostnameOverride: 'a'.repeat(65) }, ['spec.hostnameOverride: Too long: may not be more than 64 bytes']],
  ['and nothing beside it that names the Pod', { hostnameOverride: 'a', setHostnameAsFQDN: true, hostNetwork: true }, ['spec.hostnameOverride: Forbidden: may not be set when `setHostnameAsFQDN` is true', 'spec.hostnameOverride: Forbidden: may not be set when `hostNetwork` is true']],
  ['a subdomain is a label', { subdomain: 'a.b' }, [`spec.subdomain: Invalid value: "a.b": must not contain dots`]],
  ['an account is a name', { serviceAccountName: 'A' }, [`spec.serviceAccountName: Invalid value: "A": ${SUBDOMAIN_TEXT}`]],
  ['a node is a name', { nodeName: 'A' }, [`spec.nodeName: Invalid value: "A": ${SUBDOMAIN_TEXT}`]],
  ['a preemption policy is one of two', { preemptionPolicy: 'All' }, ['spec.preemptionPolicy: Unsupported value: "All": supported values: "Never", "PreemptLowerPriority"']],
  ['an operating system is one of two', { os: { name: 'plan9' } }, ['spec.os: Unsupported value: "plan9": supported values: "linux", "windows"']],
  ['ephemeral containers come later', { ephemeralContainers: [{ name: 'debug', image: 'x' }] }, ['spec.ephemeralContainers: Forbidden: cannot be set on create']],
  ['a gated Pod has no node', { schedulingGates: [{ name: 'a' }], nodeName: 'n' }, ['spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared']],
  ['gates are there once', { schedulingGates: [{ name: 'a' }, { name: 'a' }] }, ['spec.schedulingGates[1]: Duplicate value: "a"']],
  ['a gate has a qualified name', { schedulingGates: [{ name: '' }] }, [expect.stringContaining('spec.schedulingGates[0]: Invalid value: ""'), expect.any(String)]],
  ['a readiness gate has a qualified name', { readinessGates: [{ conditionType: 'a b' }] }, [expect.stringContaining('spec.readinessGates[0].conditionType: Invalid value: "a b"')]],
  ['a node selector is made of labels', { nodeSelector: { a: '!' } }, [expect.stringContaining('spec.nodeSelector: Invalid value: "!"')]],
  ['groups are not negative', { securityContext: { supplementalGroups: [1, -1], fsGroup: -2 } }, ['spec.securityContext.fsGroup: Invalid value: -2: must be between 0 and 2147483647, inclusive', 'spec.securityContext.supplementalGroups[1]: Invalid value: -1: must be between 0 and 2147483647, inclusive']],
  ['processes are shared among containers or with the host', { hostPID: true, shareProcessNamespace: true }, ['spec.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled']],
  ['a sysctl is named', { securityContext: { sysctls: [{ name: 'net.ipv4/ip_forward', value: '1' }, { name: 'A', value: '' }] } }, [expect.stringContaining('spec.securityContext.sysctls[1].name: Invalid value: "A": must have at most 253 characters and match regex')]],
  ["the host's network is not a Pod's to tune", { ...host, securityContext: { sysctls: [{ name: 'net.ipv4.ip_forward', value: '1' }] } }, ['spec.securityContext.sysctls[0].name: Invalid value: "net.ipv4.ip_forward": may not be specified when \'hostNetwork\' is true']],
  ['a DNS policy is one of four', { dnsPolicy: 'Mine' }, ['spec.dnsPolicy: Unsupported value: "Mine": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"']],
  ['no policy needs a config', { dnsPolicy: 'None' }, ['spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None']],
  ['no policy needs a server', { dnsPolicy: 'None', dnsConfig: {} }, ['spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None']],
  ['a DNS config passes', { dnsConfig: { nameservers: ['1.1.1.1'], searches: ['a.b.', '_tcp.x', '.'], options: [{ name: 'ndots', value: '2' }] } }, []],
  ['there are at most three servers', { dnsConfig: { nameservers: ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4'] } }, ['spec.dnsConfig.nameservers: Invalid value: ["1.1.1.1","1.1.1.2","1.1.1.3","1.1.1.4"]: must not have more than 3 nameservers']],
  ['a server is an address', { dnsConfig: { nameservers: ['dns'] } }, [`spec.dnsConfig.nameservers[0]: Invalid value: "dns": ${IP}`]],
  ['a search is a name', { dnsConfig: { searches: ['a b'] } }, [`spec.dnsConfig.searches[0]: Invalid value: "a b": ${SUBDOMAIN_TEXT}`]],
  ['a resolver option is named', { dnsConfig: { options: [{ value: '1' }] } }, ['spec.dnsConfig.options[0]: Required value: must not be empty']],
  ['a host alias is an address of names', { hostAliases: [{ ip: 'x', hostnames: ['A'] }] }, [`spec.hostAliases[0].ip: Invalid value: "x": ${IP}`, `spec.hostAliases[0].hostnames[0]: Invalid value: "A": ${SUBDOMAIN_TEXT}`]],
])('%s', (_title, spec, errors) => {
  expect(errorTexts(validatePod(samplePod(spec)))).toEqual(errors);
});

test("on the host's network a port is the same on the host", () => {
  expect(errorTexts(validatePod(withContainer({ ports: [{ containerPort: 80, hostPort: 8080 }] }, host)))).toEqual(['spec.containers[0].ports[0].hostPort: Invalid value: 8080: must match `containerPort` when `hostNetwork` is true']);
});

test('a Pod has a spec', () => {
  expect(errorTexts(validatePod({ metadata: { name: 'x' } }))).toEqual(['spec: Required value']);
});

const T = 'spec.tolerations[0]';

test.each<[title: string, toleration: Toleration, errors: readonly unknown[]]>([
  ['a toleration passes', { key: 'a', value: 'b', effect: 'NoExecute', tolerationSeconds: 5 }, []],
  ['everything may be tolerated', { operator: 'Exists' }, []],
  ['no key is every key', { value: 'b' }, [`${T}.operator: Invalid value: "": operator must be Exists when \`key\` is empty, which means "match all values and all keys"`]],
  ['what exists has any value', { key: 'a', operator: 'Exists', value: 'b' }, [`${T}.operator: Invalid value: "b": value must be empty when \`operator\` is 'Exists'`]],
  ['an operator is one of two', { key: 'a', operator: 'In' }, [`${T}.operator: Unsupported value: "In": supported values: "Equal", "Exists"`]],
  ['an effect is one of three', { key: 'a', effect: 'Never' }, [`${T}.effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"`]],
  ['only an eviction can wait', { key: 'a', effect: 'NoSchedule', tolerationSeconds: 5 }, [`${T}.effect: Invalid value: "NoSchedule": effect must be 'NoExecute' when \`tolerationSeconds\` is set`]],
  ['a key is a label name', { key: 'a b' }, [expect.stringContaining(`${T}.key: Invalid value: "a b"`)]],
])('%s', (_title, toleration, errors) => {
  expect(errorTexts(validatePod(samplePod({ tolerations: [toleration] })))).toEqual(errors);
});

const A = 'spec.affinity';
const N = `${A}.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`;
const required = (terms: object[]): Affinity => ({ nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } });

test.each<[title: string, affinity: Affinity, errors: readonly unknown[]]>([
  ['an affinity passes', { ...required([{ matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] }]), podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { a: 'b' } } }] } }, []],
  ['a requirement has terms', required([]), [`${N}: Required value: must have at least one node selector term`]],
  ['In needs values', required([{ matchExpressions: [{ key: 'a', operator: 'In' }] }]), [`${N}[0].matchExpressions[0].values: Required value: must be specified when \`operator\` is 'In' or 'NotIn'`]],
  ['Gt compares with one value', required([{ matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1', '2'] }] }]), [`${N}[0].matchExpressions[0].values: Required value: must be specified single value when \`operator\` is 'Lt' or 'Gt'`]],
  ['an operator is known', required([{ matchExpressions: [{ key: 'a', operator: 'Is' }] }]), [`${N}[0].matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator`]],
  ['only the name of a node is a field', required([{ matchFields: [{ key: 'spec.x', operator: 'In', values: ['a'] }] }]), [`${N}[0].matchFields[0].key: Invalid value: "spec.x": not a valid field selector key`]],
  ['a weight is a percentage', { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 101, preference: {} }] } }, [`${A}.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 101: must be in the range 1-100`]],
  ['Pods are near or far by some label', { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: '' }] } }, [`${A}.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value: can not be empty`, expect.any(String), expect.any(String)]],
])('%s', (_title, affinity, errors) => {
  expect(errorTexts(validatePod(samplePod({ affinity })))).toEqual(errors);
});

const S = 'spec.topologySpreadConstraints[0]';
const spread: TopologySpreadConstraint = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' };

test.each<[title: string, constraints: TopologySpreadConstraint[], errors: readonly string[]]>([
  ['a spreading passes', [spread], []],
  ['a skew is at least one', [{ ...spread, maxSkew: 0 }], [`${S}.maxSkew: Invalid value: 0: must be greater than zero`]],
  ['a spreading is over some label', [{ ...spread, topologyKey: '' }], [`${S}.topologyKey: Required value: can not be empty`]],
  ['it is kept to or not', [{ ...spread, whenUnsatisfiable: 'Cry' }], [`${S}.whenUnsatisfiable: Unsupported value: "Cry": supported values: "DoNotSchedule", "ScheduleAnyway"`]],
  ['each kind is there once', [spread, spread], [`${S}.{topologyKey, whenUnsatisfiable}: Duplicate value: "{zone, DoNotSchedule}"`]],
  ['domains are counted where it is kept to', [{ ...spread, whenUnsatisfiable: 'ScheduleAnyway', minDomains: 2 }], [`${S}.minDomains: Invalid value: 2: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway`]],
])('%s', (_title, topologySpreadConstraints, errors) => {
  expect(errorTexts(validatePod(samplePod({ topologySpreadConstraints })))).toEqual(errors);
});

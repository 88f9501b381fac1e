import { describe, expect, test } from '@jest/globals';
import type { Job, JobSpec, PodFailurePolicyRule, PodSpec, SuccessPolicyRule } from '../../../../src/api/generated/types.ts';
import { validateJob, validateJobUpdate } from '../../../../src/api/job/validate-job.ts';
import { aJob } from '../../../support/builders.ts';
import { errorTexts } from '../../../support/error-texts.ts';

const POLICY = 'spec.template.spec.restartPolicy';
const indexed: Partial<JobSpec> = { completionMode: 'Indexed', completions: 5 };
const pod = (spec: Partial<PodSpec>): Partial<JobSpec> => ({ template: { spec: { containers: [{ name: 'main', image: 'busybox' }], restartPolicy: 'Never', ...spec } } });
const labels = (own: Record<string, string>): Partial<JobSpec> => ({ template: { ...pod({}).template!, metadata: { labels: own } } });

test.each<[title: string, spec: Partial<JobSpec>, errors: readonly unknown[]]>([
  ['a plain Job passes', {}, []],
  ['a Job that is retried in place passes', pod({ restartPolicy: 'OnFailure' }), []],
  ['a restart policy must be given', pod({ restartPolicy: undefined }), [`${POLICY}: Required value: valid values: "OnFailure", "Never"`]],
  ['Always is as good as none', pod({ restartPolicy: 'Always' }), [`${POLICY}: Required value: valid values: "OnFailure", "Never"`]],
  ['another policy is unknown', pod({ restartPolicy: 'Maybe' }), [expect.stringContaining(`${POLICY}: Unsupported value: "Maybe": supported values: "Always", "OnFailure", "Never"`), `${POLICY}: Unsupported value: "Maybe": supported values: "OnFailure", "Never"`]],
  ['a template is judged', pod({ containers: [{ name: 'main', image: '' }] }), ['spec.template.spec.containers[0].image: Required value']],
  ['a template has containers', { template: {} }, ['spec.template.spec.containers: Required value', `${POLICY}: Required value: valid values: "OnFailure", "Never"`]],
  ['a template may have spaces around an image', pod({ containers: [{ name: 'main', image: ' busybox' }] }), []],
  ['labels of a template are judged, on the Job that shows them too', labels({ a: '!' }), [expect.stringContaining('metadata.labels: Invalid value: "!"'), expect.stringContaining('spec.template.metadata.labels: Invalid value: "!"')]],
  ...(['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished'] as const).map((field): [string, Partial<JobSpec>, string[]] => [
    `${field} is not negative`,
    { [field]: -1 },
    [`spec.${field}: Invalid value: -1: must be greater than or equal to 0`],
  ]),
  ['a mode is one of two', { completionMode: 'Random' }, ['spec.completionMode: Unsupported value: "Random": supported values: "NonIndexed", "Indexed"']],
  ['indexes are counted', { completionMode: 'Indexed', parallelism: 1 }, ['spec.completions: Required value: when completion mode is Indexed']],
  ['indexes run at most 100000 at a time', { ...indexed, parallelism: 100_001 }, ['spec.parallelism: Invalid value: 100001: must be less than or equal to 100000 when completion mode is Indexed']],
  ['a limit per index needs indexes', { backoffLimitPerIndex: 1 }, ['spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode']],
  ['a limit of indexes needs a limit per index', { ...indexed, maxFailedIndexes: 1 }, ['spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified']],
  ['a limit of indexes needs indexes', { maxFailedIndexes: 1 }, ['spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified', 'spec.maxFailedIndexes: Invalid value: 1: requires indexed completion mode']],
  ['no more indexes fail than there are', { ...indexed, backoffLimitPerIndex: 1, maxFailedIndexes: 6 }, ['spec.maxFailedIndexes: Invalid value: 6: must be less than or equal to completions']],
  ['of very many indexes the failed ones are limited', { ...indexed, completions: 100_001, backoffLimitPerIndex: 1 }, ['spec.maxFailedIndexes: Required value: must be specified when completions is above 100000']],
  [
    'of very many indexes fewer run and fewer fail',
    { ...indexed, completions: 100_001, parallelism: 10_001, backoffLimitPerIndex: 1, maxFailedIndexes: 10_001 },
    [
      'spec.parallelism: Invalid value: 10001: must be less than or equal to 10000 when completions are above 100000 and used with backoff limit per index',
      'spec.maxFailedIndexes: Invalid value: 10001: must be less than or equal to 10000 when completions are above 100000 and used with backoff limit per index',
    ],
  ],
  ['a manager is a path in a domain', { managedBy: 'me' }, ['spec.managedBy: Invalid value: "me": must be a domain-prefixed path (such as "acme.io/foo")']],
  ['a manager is a short path', { managedBy: `acme.io/${'a'.repeat(60)}` }, ['spec.managedBy: Too long: may not be more than 63 bytes']],
  ['a manager has a domain', { managedBy: 'Acme/foo' }, [expect.stringContaining('spec.managedBy: Invalid value: "Acme": a lowercase RFC 1123 subdomain')]],
  ['a replacement policy is one of two', { podReplacementPolicy: 'Soon' }, ['spec.podReplacementPolicy: Unsupported value: "Soon": supported values: "Failed", "TerminatingOrFailed"']],
  ['a policy on failures waits for them', { podFailurePolicy: { rules: [] }, podReplacementPolicy: 'TerminatingOrFailed' }, ['spec.podReplacementPolicy: Unsupported value: "TerminatingOrFailed": supported values: "Failed"']],
  ['a policy on failures is for Pods that are not restarted', { ...pod({ restartPolicy: 'OnFailure' }), podFailurePolicy: { rules: [] } }, [`${POLICY}: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified`]],
  ['a success policy needs indexes', { successPolicy: { rules: [{ succeededCount: 1 }] } }, [expect.stringMatching(/^spec\.successPolicy: Invalid value: .*: requires indexed completion mode$/)]],
])('%s', (_title, spec, errors) => {
  expect(errorTexts(validateJob(aJob({ spec })))).toEqual(errors);
});

describe('a selector', () => {
  test('by hand passes', () => {
    expect(validateJob(aJob({ spec: { ...labels({ a: 'b' }), manualSelector: true, selector: { matchLabels: { a: 'b' } } } }))).toEqual([]);
  });

  test('by hand is given', () => {
    expect(errorTexts(validateJob(aJob({ spec: { manualSelector: true } })))).toEqual(['spec.selector: Required value']);
  });

  test("by hand matches the template's labels", () => {
    const spec = { ...labels({ a: 'c' }), manualSelector: true, selector: { matchLabels: { a: 'b' } } };
    expect(errorTexts(validateJob(aJob({ spec })))).toEqual(['spec.template.metadata.labels: Invalid value: {"a":"c"}: `selector` does not match template `labels`']);
  });

  test('is not given unless by hand', () => {
    expect(errorTexts(validateJob(aJob({ spec: { selector: { matchLabels: { a: 'b' } } } })))).toEqual([
      expect.stringMatching(/^spec\.selector: Invalid value: .*: `selector` not auto-generated$/),
      expect.stringMatching(/^spec\.template\.metadata\.labels: Invalid value: .*: `selector` does not match template `labels`$/),
    ]);
  });

  test('has its own labels on the template', () => {
    expect(errorTexts(validateJob(aJob({ spec: labels({ 'job-name': 'mine' }) })))).toEqual(["spec.template.metadata.labels[job-name]: Invalid value: \"mine\": must be 'pi'"]);
  });

  test('is well formed', () => {
    const selector = { matchExpressions: [{ key: 'a', operator: 'In' }] };
    expect(errorTexts(validateJob(aJob({ spec: { ...labels({ a: 'b' }), manualSelector: true, selector } })))).toContain("spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'");
  });
});

describe('a name', () => {
  const named = (name: string, completions: number): Job => aJob({ metadata: { name, uid: 'u1' }, spec: { ...indexed, completions } });

  test('leaves room for the highest index', () => {
    expect(validateJob(named('a'.repeat(61), 10))).toEqual([]);
  });

  test('without room for the highest index is too long', () => {
    const name = 'a'.repeat(61);
    expect(errorTexts(validateJob(named(name, 11)))).toEqual([`metadata.name: Invalid value: "${name}": will not able to create pod with invalid DNS label: ${name}-10`]);
  });

  test('is a subdomain', () => {
    expect(errorTexts(validateJob(aJob({ metadata: { name: 'My_Job', uid: 'u1' } })))).toEqual([expect.stringContaining('metadata.name: Invalid value: "My_Job": a lowercase RFC 1123 subdomain')]);
  });
});

const R = 'spec.podFailurePolicy.rules[0]';
const codes = (operator: string, values: number[], containerName?: string): PodFailurePolicyRule => ({ action: 'FailJob', onExitCodes: { operator, values, ...(containerName === undefined ? {} : { containerName }) } });

test.each<[title: string, rules: PodFailurePolicyRule[], errors: readonly unknown[]]>([
  ['rules pass', [codes('In', [1, 42], 'main'), { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }], []],
  ['a rule has an action', [{ ...codes('In', [1]), action: '' }], [`${R}.action: Required value: valid values: ["Count" "FailIndex" "FailJob" "Ignore"]`]],
  ['an action is one of four', [{ ...codes('In', [1]), action: 'Cry' }], [`${R}.action: Unsupported value: "Cry": supported values: "Count", "FailIndex", "FailJob", "Ignore"`]],
  ['an index fails where indexes are limited', [{ ...codes('In', [1]), action: 'FailIndex' }], [`${R}.action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set`]],
  ['a rule is about something', [{ action: 'Count' }], [`${R}: Invalid value: specifying one of OnExitCodes and OnPodConditions is required`]],
  ['a rule is about one thing', [{ ...codes('In', [1]), onPodConditions: [{ type: 'A', status: 'True' }] }], [`${R}: Invalid value: specifying both OnExitCodes and OnPodConditions is not supported`]],
  ['an operator is one of two', [codes('Is', [1])], [`${R}.onExitCodes.operator: Unsupported value: "Is": supported values: "In", "NotIn"`]],
  ['a container is one of the template', [codes('In', [1], 'other')], [`${R}.onExitCodes.containerName: Invalid value: "other": must be one of the container or initContainer names in the pod template`]],
  ['there is an exit code', [codes('In', [])], [`${R}.onExitCodes.values: Invalid value: []: at least one value is required`]],
  ['success is no failure', [codes('In', [0])], [`${R}.onExitCodes.values[0]: Invalid value: 0: must not be 0 for the In operator`]],
  ['all but success is', [codes('NotIn', [0])], []],
  ['exit codes ascend', [codes('In', [2, 1])], [`${R}.onExitCodes.values: Invalid value: [2,1]: must be ordered`]],
  ['exit codes are there once', [codes('In', [1, 1])], [`${R}.onExitCodes.values[1]: Duplicate value: 1`]],
  ['there are at most 255 exit codes', [codes('In', Array.from({ length: 256 }, (_, at) => at + 1))], [`${R}.onExitCodes.values: Too many: 256: must have at most 255 items`]],
  ['a condition has a type and a status', [{ action: 'Count', onPodConditions: [{ type: 'a b', status: 'Yes' }] }], [expect.stringContaining(`${R}.onPodConditions[0].type: Invalid value: "a b"`), `${R}.onPodConditions[0].status: Unsupported value: "Yes": supported values: "False", "True", "Unknown"`]],
  ['there are at most 20 rules', Array.from({ length: 21 }, () => codes('In', [1])), ['spec.podFailurePolicy.rules: Too many: 21: must have at most 20 items']],
])('on failures: %s', (_title, rules, errors) => {
  expect(errorTexts(validateJob(aJob({ spec: { podFailurePolicy: { rules } } })))).toEqual(errors);
});

const S = 'spec.successPolicy.rules';

test.each<[title: string, rules: SuccessPolicyRule[], errors: readonly string[]]>([
  ['rules pass', [{ succeededIndexes: '0,2-4', succeededCount: 2 }, { succeededCount: 5 }], []],
  ['there is a rule', [], [`${S}: Required value: at least one rules must be specified when the successPolicy is specified`]],
  ['a rule says what success is', [{}], [`${S}[0]: Required value: at least one of succeededCount or succeededIndexes must be specified`]],
  ['indexes are below completions', [{ succeededIndexes: '5' }], [`${S}[0].succeededIndexes: Invalid value: "5": error parsing succeededIndexes: too large index: "5"`]],
  ['indexes ascend', [{ succeededIndexes: '3,1' }], [`${S}[0].succeededIndexes: Invalid value: "3,1": error parsing succeededIndexes: non-increasing order, previous: 3, current: 1`]],
  ['no more succeed than there are', [{ succeededCount: 6 }], [`${S}[0].succeededCount: Invalid value: 6: must be less than or equal to 5 (the number of specified completions)`]],
  ['no more succeed than are listed', [{ succeededIndexes: '0,1', succeededCount: 3 }], [`${S}[0].succeededCount: Invalid value: 3: must be less than or equal to 2 (the number of indexes in the specified succeededIndexes field)`]],
  ['a count is not negative', [{ succeededCount: -1 }], [`${S}[0].succeededCount: Invalid value: -1: must be greater than or equal to 0`]],
  ['there are at most 20 rules', Array.from({ length: 21 }, () => ({ succeededCount: 1 })), [`${S}: Too many: 21: must have at most 20 items`]],
])('on success: %s', (_title, rules, errors) => {
  expect(errorTexts(validateJob(aJob({ spec: { ...indexed, successPolicy: { rules } } })))).toEqual(errors);
});

describe('an update', () => {
  const elastic: Partial<JobSpec> = { ...indexed, parallelism: 5 };
  const waiting = { suspend: true };

  test.each<[title: string, old: Partial<JobSpec>, next: Partial<JobSpec>, errors: readonly unknown[]]>([
    ['of nothing passes', {}, {}, []],
    ['may change what is mutable', { completions: 1 }, { completions: 1, parallelism: 3, backoffLimit: 1, activeDeadlineSeconds: 9, ttlSecondsAfterFinished: 0, suspend: true, podReplacementPolicy: 'Failed' }, []],
    ['keeps completions', { completions: 2 }, { completions: 3 }, ['spec.completions: Invalid value: 3: field is immutable']],
    ['may change both counts of indexes together', elastic, { ...elastic, completions: 3, parallelism: 3 }, []],
    ['does not change one count of indexes alone', elastic, { ...elastic, completions: 3 }, ['spec.completions: Invalid value: 3: can only be modified in tandem with spec.parallelism']],
    ['keeps the mode', { completions: 5 }, indexed, ['spec.completionMode: Invalid value: "Indexed": field is immutable']],
    ['keeps the limit per index', indexed, { ...indexed, backoffLimitPerIndex: 1 }, ['spec.backoffLimitPerIndex: Invalid value: 1: field is immutable']],
    ['keeps the manager', {}, { managedBy: 'acme.io/x' }, ['spec.managedBy: Invalid value: "acme.io/x": field is immutable']],
    ['keeps the policy on failures', {}, { podFailurePolicy: { rules: [] }, podReplacementPolicy: 'Failed' }, ['spec.podFailurePolicy: Invalid value: {"rules":[]}: field is immutable']],
    ['keeps the policy on success', indexed, { ...indexed, successPolicy: { rules: [{ succeededCount: 1 }] } }, [expect.stringMatching(/^spec\.successPolicy: Invalid value: .*: field is immutable$/)]],
    ['keeps the template', {}, pod({ containers: [{ name: 'main', image: 'busybox:2' }] }), [expect.stringMatching(/^spec\.template: Invalid value: .*: field is immutable$/)]],
    ['keeps where Pods may run', {}, pod({ nodeSelector: { a: 'b' } }), [expect.stringMatching(/^spec\.template: Invalid value: .*: field is immutable$/)]],
    ['may say where Pods run before they have', waiting, { ...waiting, ...pod({ nodeSelector: { a: 'b' }, tolerations: [{ operator: 'Exists' }], affinity: { nodeAffinity: {} }, schedulingGates: [{ name: 'a' }] }) }, []],
    ['does not say near whom they run', waiting, { ...waiting, ...pod({ affinity: { podAffinity: {} } }) }, [expect.stringContaining('spec.template: Invalid value')]],
    ['is judged', { completions: 1 }, { completions: 1, parallelism: -1 }, ['spec.parallelism: Invalid value: -1: must be greater than or equal to 0']],
  ])('%s', (_title, old, next, errors) => {
    expect(errorTexts(validateJobUpdate(aJob({ spec: next }), aJob({ spec: old })))).toEqual(errors);
  });

  test('of a suspended Job that has started keeps where Pods run', () => {
    const old = aJob({ spec: waiting, status: { startTime: '2026-03-01T12:00:00Z' } });
    expect(errorTexts(validateJobUpdate(aJob({ spec: { ...waiting, ...pod({ nodeSelector: { a: 'b' } }) } }), old))).toEqual([expect.stringContaining('spec.template: Invalid value')]);
  });

  test('keeps the selector', () => {
    const old = aJob();
    const next = { ...old, spec: { ...old.spec!, selector: { matchLabels: { 'job-name': 'pi' } } } };
    expect(errorTexts(validateJobUpdate(next, old))).toEqual(['spec.selector: Invalid value: {"matchLabels":{"job-name":"pi"}}: field is immutable']);
  });
});

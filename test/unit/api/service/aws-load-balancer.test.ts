// What annotations for AWS would have provisioned there.
import { expect, test } from '@jest/globals';
import { awsLoadBalancer } from '../../../../src/api/service/aws-load-balancer.ts';
import { newService } from '../../../support/services.ts';

test.each<[what: string, annotations: Record<string, string>, made: object | undefined]>([
  ['no annotations', {}, undefined],
  ['the notes\' own', { type: 'nlb', scheme: 'internet-facing', 'nlb-target-type': 'ip' }, { type: 'nlb', scheme: 'internet-facing', targetType: 'ip' }],
  ['a type alone, as the cloud provider of old reads it', { type: 'nlb' }, { type: 'nlb', scheme: 'internet-facing', targetType: 'instance' }],
  ['the controller\'s type', { type: 'external' }, { type: 'nlb', scheme: 'internal', targetType: 'instance' }],
  ['the type that names its targets', { type: 'nlb-ip', scheme: 'internet-facing' }, { type: 'nlb', scheme: 'internet-facing', targetType: 'ip' }],
  ['the other name of the target type', { type: 'external', 'target-type': 'ip' }, { type: 'nlb', scheme: 'internal', targetType: 'ip' }],
  ['the older way to stay inside', { type: 'nlb', internal: 'true' }, { type: 'nlb', scheme: 'internal', targetType: 'instance' }],
  ['a scheme without a type', { scheme: 'internal' }, { type: 'classic', scheme: 'internal', targetType: 'instance' }],
])('%s', (_what, annotations, made) => {
  const prefixed = Object.fromEntries(Object.entries(annotations).map(([name, value]) => [`service.beta.kubernetes.io/aws-load-balancer-${name}`, value]));
  const service = newService('web', { type: 'LoadBalancer' });
  expect(awsLoadBalancer({ ...service, metadata: { ...service.metadata, annotations: prefixed } })).toEqual(made);
  expect(awsLoadBalancer({ ...newService('web', { type: 'NodePort' }), metadata: { annotations: prefixed } })).toBeUndefined();
});

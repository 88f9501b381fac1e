// pure: what a Service's annotations for AWS would have provisioned there, as the AWS Load Balancer Controller reads them.
import type { Service } from '../generated/types.ts';
import { specOf } from './service-facts.ts';

export interface AwsLoadBalancer {
  readonly type: 'nlb' | 'classic';
  readonly scheme: string;
  /** "ip": straight to the Pods; "instance": through the node ports. */
  readonly targetType: string;
}

const AWS_ANNOTATIONS = 'service.beta.kubernetes.io/aws-load-balancer-';

export function asksAws({ metadata }: Service): boolean {
  return Object.keys(metadata?.annotations ?? {}).some((key) => key.startsWith(AWS_ANNOTATIONS));
}

/** undefined: nothing was asked of AWS. */
export function awsLoadBalancer(service: Service): AwsLoadBalancer | undefined {
  const { type } = specOf(service);
  const annotation = (name: string): string | undefined => service.metadata?.annotations?.[AWS_ANNOTATIONS + name];
  const kind = annotation('type');
  if (type !== 'LoadBalancer' || !asksAws(service)) return undefined;
  // The older way to ask for a balancer that only the own network reaches.
  const isInternal = annotation('internal') === 'true' || annotation('internal') === '0.0.0.0/0';
  const byType = kind === 'nlb-ip' ? 'ip' : 'instance';
  return {
    // Without a type it is the oldest, which knows instances only.
    type: kind === undefined ? 'classic' : 'nlb',
    scheme: annotation('scheme') ?? ((kind === undefined || kind === 'nlb') && !isInternal ? 'internet-facing' : 'internal'),
    targetType: annotation('nlb-target-type') ?? annotation('target-type') ?? byType,
  };
}

// Shows an answer of `minik can-reach`: the verdict in a line, then each path with what policies say of both its ends.
import type { DirectionJudgement } from '../../api/networkpolicy/judge-connection.ts';
import type { Reach, ReachPath } from './judge-reach.ts';

export interface Question {
  /** As they were typed. */
  readonly from: string;
  readonly to: string;
}

/** `notEnforced`: why what policies say is not what happens here. */
export async function reachText({ from, to }: Question, reach: Reach, { colour, notEnforced }: { readonly colour: boolean; readonly notEnforced: string | undefined }): Promise<string> {
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: colour ? 1 : 0 });
  const good = reach.paths.filter(({ judgement }) => judgement.allowed).length;
  const some = good > 0 && !reach.allowed ? `, on ${good} of ${reach.paths.length} paths` : '';
  const verdict = reach.allowed ? chalk.green('allowed') : good > 0 ? chalk.yellow(`allowed only in part${some}`) : chalk.red(reach.nobody === undefined ? 'denied' : 'not reached');
  const lines = [
    `${from} -> ${to}: ${verdict}`,
    ...(reach.nobody === undefined ? [] : [`  ${reach.nobody}`]),
    ...reach.paths.flatMap((path) => pathLines(path, (path.judgement.allowed ? chalk.green : chalk.red)(path.judgement.allowed ? 'allowed' : 'denied '))),
    ...(notEnforced === undefined ? [] : [chalk.yellow(`  This is what policies say, not what happens: they are not enforced here (${notEnforced}).`)]),
  ];
  return `${lines.join('\n')}\n`;
}

function pathLines({ to, ip, protocol, port, servicePort, judgement }: ReachPath, mark: string): string[] {
  const address = ip === '' || to === ip ? '' : ` (${ip})`;
  const by = servicePort === undefined || servicePort === port ? '' : ` by Service port ${servicePort}`;
  return [`  ${mark} ${to}${address} port ${port}/${protocol}${by}`, `          egress:  ${directionText(judgement.egress)}`, `          ingress: ${directionText(judgement.ingress)}`];
}

function directionText(judgement: DirectionJudgement): string {
  switch (judgement.type) {
    case 'open':
      return 'no policy is about it';
    case 'exempt':
      return judgement.why === 'node' ? 'always allowed: node and Pods reach each other' : 'always allowed: a Pod reaches itself';
    case 'allowed':
      return `allowed by ${judgement.policies.join(', ')}`;
    case 'denied':
      return `denied: isolated by ${judgement.policies.join(', ')}, and nothing allows it`;
  }
}

export function reachObject({ from, to }: Question, { allowed, paths, nobody }: Reach, notEnforced: string | undefined): object {
  return {
    kind: 'Reach',
    from,
    to,
    allowed,
    ...(notEnforced === undefined ? {} : { enforced: false, notEnforced }),
    ...(nobody === undefined ? {} : { reason: nobody }),
    paths: paths.map(({ judgement, ...path }) => ({ ...path, allowed: judgement.allowed, egress: judgement.egress, ingress: judgement.ingress })),
  };
}

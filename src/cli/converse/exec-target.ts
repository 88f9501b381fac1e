// The container of a Pod that a command is to be run in: the one that is named, the annotated one, or the first.
import type { Pod } from '../../api/generated/types.ts';
import type { ContainerTarget } from '../../client/stream-client.ts';
import { UsageError, type CliContext } from '../context.ts';
import { containersOf, defaultedText } from '../logs/log-sources.ts';

/** Says on stderr which one was chosen of several. A name that is given is for the server to judge. */
export async function execTarget(context: CliContext, pod: Pod, { container, quiet }: { readonly container?: string; readonly quiet?: boolean }): Promise<ContainerTarget> {
  const { metadata, status } = pod;
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') {
    throw new UsageError(`cannot exec into a container in a completed pod; current phase is ${status.phase}`);
  }
  const target = { namespace: metadata?.namespace ?? context.namespace, name: metadata?.name ?? '' };
  if (container !== undefined) return { ...target, container };
  const choice = { allContainers: false };
  const told = defaultedText(pod, choice);
  if (told !== undefined && quiet !== true) await context.err.write(`${told}\n`);
  return { ...target, container: containersOf(pod, choice)[0]!.container };
}

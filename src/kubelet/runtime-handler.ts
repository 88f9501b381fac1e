// Which of the engine's runtimes runs a Pod's containers: what its RuntimeClass says, which may have gone since the Pod came.
import type { RuntimeClass } from '../api/generated/types.ts';
import { RUNTIME_CLASSES } from '../api/kinds.ts';
import { isNotFound } from '../api/status-error.ts';
import type { ActionScope } from './action-scope.ts';
import { RuntimeError, type ContainerSpec } from './runtime/container-runtime.ts';

/** Throws RuntimeError in upstream's words where there is no such class, or the engine has no such runtime. */
export async function runtimeHandler({ context, record }: ActionScope): Promise<Pick<ContainerSpec, 'runtimeHandler'>> {
  const name = record.pod.spec?.runtimeClassName ?? '';
  if (name === '') return {};
  const { handler } = await context.client.get<RuntimeClass>(RUNTIME_CLASSES, { name }).catch((error: unknown) => {
    throw isNotFound(error) ? new RuntimeError('Rejected', `failed to get sandbox runtime: runtimeclass.node.k8s.io "${name}" not found`, { cause: error }) : error;
  });
  if (!context.runtimeHandlers().includes(handler)) throw new RuntimeError('Rejected', `failed to get sandbox runtime: no runtime for "${handler}" is configured`);
  return { runtimeHandler: handler };
}

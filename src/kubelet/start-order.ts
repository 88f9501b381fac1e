// pure: which containers of a Pod may start now. Init containers run one after another, each to success; a sidecar (init
// container with restartPolicy Always) only has to be started; app containers start together after the last of them. Ephemeral
// containers start whenever what they join runs.
import type { EphemeralContainer } from '../api/generated/types.ts';
import type { ContainerState } from './runtime/container-runtime.ts';
import { SANDBOX_LABEL, type ContainerView } from './container-view.ts';
import type { SandboxView } from './sandbox-rule.ts';

/** Names of the containers whose turn has come, running or not. */
export function startableNames(views: readonly ContainerView[], sandbox: SandboxView): ReadonlySet<string> {
  const names = new Set(views.filter((view) => view.role === 'ephemeral' && canJoin(views, view, sandbox)).map(({ spec }) => spec.name));
  const started = views.some((view) => view.role === 'app' && view.attempt >= 0 && belongsTo(sandbox, view));
  for (const view of views) {
    if (view.role === 'ephemeral') continue;
    if (view.role === 'app') {
      names.add(view.spec.name);
      continue;
    }
    if (view.role === 'sidecar') names.add(view.spec.name);
    else if (!started && !hasSucceeded(view, sandbox)) names.add(view.spec.name);
    const isPassed = started || (view.role === 'sidecar' ? view.health.isStarted : hasSucceeded(view, sandbox));
    if (!isPassed) return names;
  }
  return names;
}

/** The network of the Pod, which may be that of its only container, and the processes of the target where one is named. */
function canJoin(views: readonly ContainerView[], { spec }: ContainerView, sandbox: SandboxView): boolean {
  const target = (spec as EphemeralContainer).targetContainerName ?? '';
  const hasNetwork = sandbox.kind === 'pause' ? sandbox.container?.phase === 'running' : networkHolder(views) !== undefined;
  return hasNetwork && (target === '' || runningNamed(views, target) !== undefined);
}

/** Where there is no pause container: whose network is the Pod's. */
export function networkHolder(views: readonly ContainerView[]): ContainerState | undefined {
  return views.find(({ role, phase }) => role === 'app' && phase === 'running')?.container;
}

export function runningNamed(views: readonly ContainerView[], name: string): ContainerState | undefined {
  return views.find(({ spec, phase }) => spec.name === name && phase === 'running')?.container;
}

/** A new sandbox is a new network: what init containers did in the old one has to be done again. */
export function hasSucceeded(view: ContainerView, sandbox: SandboxView): boolean {
  return view.exit?.exitCode === 0 && belongsTo(sandbox, view);
}

function belongsTo(sandbox: SandboxView, { container }: ContainerView): boolean {
  if (sandbox.kind !== 'pause' || sandbox.container === undefined || container === undefined) return true;
  return container.labels[SANDBOX_LABEL] === sandbox.container.id;
}

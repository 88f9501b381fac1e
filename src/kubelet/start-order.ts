// pure: which containers of a Pod may start now. Init containers run one after another, each to success; a sidecar (init
// container with restartPolicy Always) only has to be started; app containers start together after the last of them.
import { SANDBOX_LABEL, type ContainerView } from './container-view.ts';
import type { SandboxView } from './sandbox-rule.ts';

/** Names of the containers whose turn has come, running or not. */
export function startableNames(views: readonly ContainerView[], sandbox: SandboxView): ReadonlySet<string> {
  const names = new Set<string>();
  const started = views.some((view) => view.role === 'app' && view.attempt >= 0 && belongsTo(sandbox, view));
  for (const view of views) {
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

/** A new sandbox is a new network: what init containers did in the old one has to be done again. */
export function hasSucceeded(view: ContainerView, sandbox: SandboxView): boolean {
  return view.exit?.exitCode === 0 && belongsTo(sandbox, view);
}

function belongsTo(sandbox: SandboxView, { container }: ContainerView): boolean {
  if (sandbox.kind !== 'pause' || sandbox.container === undefined || container === undefined) return true;
  return container.labels[SANDBOX_LABEL] === sandbox.container.id;
}

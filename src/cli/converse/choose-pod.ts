// From a word on the command line to the Pod that is meant: its name, or what it belongs to.
import type { LabelSelector, Pod } from '../../api/generated/types.ts';
import { PODS, type Resource } from '../../api/kinds.ts';
import { formatLabelSelector } from '../../api/label-selector.ts';
import type { KubeObject } from '../../api/object.ts';
import { isPodReady } from '../../api/pod/is-pod-ready.ts';
import { sleep } from '../../base/clock.ts';
import { UsageError, type CliContext } from '../context.ts';
import { throwAll } from '../error-text.ts';
import { parseDuration } from '../go-duration.ts';
import { parseResourceArgs } from '../resource-args.ts';

export interface PodSource {
  readonly namespace: string;
  /** "job/pi", for messages. */
  readonly text: string;
  /** Absent for a Pod that is named itself. */
  readonly owner?: { readonly labelSelector: string; readonly resource: Resource<KubeObject> };
  readonly name: string;
}

/** `word`: POD, TYPE/NAME. Rejects when there is no such object, or it has no Pods. */
export async function podSource(context: CliContext, word: string): Promise<PodSource> {
  const { namespace } = context;
  if (!word.includes('/')) return { namespace, text: `pod/${word}`, name: word };
  const selection = parseResourceArgs([word], await context.resources());
  if (selection.type !== 'names') throw new UsageError('arguments in resource/name form must have a single resource and name');
  return sourceOf(context, { ...selection.items[0]!, namespace });
}

/** The one object of a manifest. */
export async function podSourceOfFile(context: CliContext, filename: string): Promise<PodSource> {
  const { loadManifests } = await import('../manifests/load-manifests.ts');
  const { manifests, errors } = await loadManifests(context, [filename], {});
  throwAll(errors);
  const [only, ...others] = manifests;
  if (only === undefined || others.length > 0) throw new UsageError(`${filename} must hold one object, not ${manifests.length}`);
  return sourceOf(context, only);
}

async function sourceOf(context: CliContext, { resource, namespace, name }: { readonly resource: Resource; readonly namespace: string; readonly name: string }): Promise<PodSource> {
  if (resource.plural === PODS.plural && resource.group === '') return { namespace, text: `pod/${name}`, name };
  const client = await context.client();
  const owner = await client.get(resource as Resource<KubeObject & { readonly spec?: { readonly selector?: unknown } }>, { namespace, name });
  const labelSelector = selectorOf(owner.spec?.selector);
  if (labelSelector === undefined) throw new UsageError(resource.kind === 'Service' ? `invalid service '${name}': Service is defined without a selector` : `cannot attach to ${resource.plural}: it has no pods`);
  return { namespace, text: `${resource.singular}/${name}`, name, owner: { labelSelector, resource: resource as Resource<KubeObject> } };
}

/** The Pod itself, or the best of several: one that runs, better a ready one. Waits `timeoutMs` for the latter to run. */
export async function findPod(context: CliContext, source: PodSource, timeoutMs: number): Promise<Pod> {
  const client = await context.client();
  if (source.owner === undefined) return client.get(PODS, source);
  const deadline = context.clock.now() + timeoutMs;
  for (;;) {
    const pod = bestRunning((await client.list(PODS, { namespace: source.namespace, labelSelector: source.owner.labelSelector })).items);
    if (pod !== undefined) return pod;
    if (context.clock.now() >= deadline) throw new UsageError(`timed out waiting for the condition: no pod of ${source.text} runs`);
    await sleep(context.clock, POLL_MS, context.signal);
  }
}

const POLL_MS = 250;

/** One that is ready before one that is not, then the newest. Undefined when none runs. */
export function bestRunning(pods: readonly Pod[]): Pod | undefined {
  const byWorth = (a: Pod, b: Pod): number => Number(isPodReady(b)) - Number(isPodReady(a)) || createdAt(b).localeCompare(createdAt(a));
  return pods.filter(isRunning).sort(byWorth)[0];
}

/** A Pod that is being deleted runs no more. */
export function isRunning({ status, metadata }: Pod): boolean {
  return status?.phase === 'Running' && metadata?.deletionTimestamp === undefined;
}

/** Of `--pod-running-timeout`, in milliseconds. */
export function runningTimeout(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms <= 0) throw new UsageError(`--pod-running-timeout must be higher than zero, such as 5s, 2m or 3h, not "${text}"`);
  return ms;
}

function createdAt({ metadata }: Pod): string {
  return String(metadata?.creationTimestamp ?? '');
}

/** Of a Job or Deployment (a selector), or of a Service (plain labels). */
function selectorOf(selector: unknown): string | undefined {
  if (typeof selector !== 'object' || selector === null) return undefined;
  if ('matchLabels' in selector || 'matchExpressions' in selector) return formatLabelSelector(selector as LabelSelector);
  const pairs = Object.entries(selector);
  return pairs.length === 0 ? undefined : pairs.map(([key, value]) => `${key}=${String(value)}`).join(',');
}

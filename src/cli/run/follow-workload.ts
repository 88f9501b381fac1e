// Shows the output of what "minik run -i" started, attempt after attempt, and gives the exit code it ended with.
import type { Job, Pod } from '../../api/generated/types.ts';
import { JOBS, PODS, resourcePath } from '../../api/kinds.ts';
import { keyOf } from '../../api/object.ts';
import { StatusError } from '../../api/status-error.ts';
import { silentLogger, type Logger } from '../../base/log.ts';
import { createInformer } from '../../client/informer.ts';
import type { Client } from '../../client/client.ts';
import type { Informer } from '../../client/informer-contract.ts';
import { readChunks } from '../../client/response-body.ts';
import type { CliContext } from '../context.ts';
import { createPassInput, type InputFlags } from './pass-input.ts';
import { planFollow } from './plan-follow.ts';

interface Following {
  readonly context: CliContext;
  readonly client: Client;
  readonly pods: Informer<Pod>;
  /** Attempts whose output has been shown to its end. */
  readonly shown: string[];
  readonly told: Set<string>;
  /** Once an attempt runs; true when it has been shown to its end already. */
  readonly passInput: (pod: Pod) => Promise<boolean>;
  readonly signal: AbortSignal;
  /** Resolves at the next change of anything that is watched. */
  nextChange(): Promise<void>;
}

export async function followPod(context: CliContext, client: Client, { pod, input }: { readonly pod: Pod; readonly input: InputFlags }): Promise<number> {
  return withInformers(context, { client, owner: pod, input, query: { fieldSelector: `metadata.name=${pod.metadata?.name}` } }, async (following) => {
    for (;;) {
      const change = following.nextChange();
      const current = following.pods.get(keyOf(pod));
      if (current === undefined) throw new Error(`pods "${pod.metadata?.name}" was deleted while it ran`);
      const exitCode = await stepPod(following, current);
      if (exitCode === 'streamed') continue;
      if (exitCode !== undefined) return exitCode;
      await change;
    }
  });
}

export async function followJob(context: CliContext, client: Client, { job, input }: { readonly job: Job; readonly input: InputFlags }): Promise<number> {
  const query = { labelSelector: `batch.kubernetes.io/controller-uid=${job.metadata?.uid}` };
  return withInformers(context, { client, owner: job, input, query }, async (following, jobs) => {
    const finished = new Set<string>();
    let lastExitCode = 0;
    for (;;) {
      const change = following.nextChange();
      let streamed = false;
      for (const pod of byAge(following.pods.list())) {
        const uid = pod.metadata?.uid ?? '';
        lastExitCode = failedExitCode(pod) ?? lastExitCode;
        if (finished.has(uid)) continue;
        const result = await stepPod(following, pod);
        if (result === 'streamed') streamed = true;
        else if (result !== undefined) finished.add(uid);
      }
      if (streamed) continue;
      const end = endOf(jobs?.get(keyOf(job)), job);
      if (end === 'Complete') return 0;
      if (end !== undefined) {
        await context.err.write(`job.batch/${job.metadata?.name} failed: ${end}\n`);
        return lastExitCode === 0 ? 1 : lastExitCode;
      }
      await change;
    }
  });
}

/** The exit code when the pod is done; 'streamed' when there may be more to do at once. */
async function stepPod(following: Following, pod: Pod): Promise<number | 'streamed' | undefined> {
  const step = planFollow(pod, following.shown);
  switch (step.type) {
    case 'done':
      return step.exitCode;
    case 'stream':
      return (await stream(following, pod)) ? 'streamed' : undefined;
    case 'wait':
      if (step.waitingFor !== undefined && !following.told.has(step.waitingFor)) {
        following.told.add(step.waitingFor);
        await following.context.err.write(`waiting for pod/${pod.metadata?.name}: ${step.waitingFor}\n`);
      }
      return undefined;
  }
}

/**
 * False when the output cannot be had yet. The server gives the output of the attempt that is there when it is asked, which
 * may be a later one than the informer knows of: so the pod is read once more right before.
 */
async function stream({ client, context, shown, passInput, signal }: Following, { metadata }: Pod): Promise<boolean> {
  try {
    const target = { namespace: metadata?.namespace, name: metadata?.name ?? '' };
    const pod = await client.get(PODS, target);
    const step = planFollow(pod, shown);
    if (step.type !== 'stream') return false;
    if (pod.status?.containerStatuses?.[0]?.state?.running !== undefined && (await passInput(pod))) {
      shown.push(step.attempt);
      return true;
    }
    const path = resourcePath(PODS, { ...target, subresource: 'log' });
    const { body } = await client.request({ path, query: { follow: 'true', container: pod.spec?.containers?.[0]?.name }, signal });
    for await (const chunk of readChunks(body)) await context.out.write(chunk);
    shown.push(step.attempt);
    return true;
  } catch (error) {
    if (error instanceof StatusError && !signal.aborted) return false;
    throw error;
  }
}

interface Wanted {
  readonly client: Client;
  readonly owner: Pod | Job;
  readonly input: InputFlags;
  readonly query: { readonly labelSelector?: string; readonly fieldSelector?: string };
}

async function withInformers(
  context: CliContext,
  { client, owner, input, query }: Wanted,
  run: (following: Following, jobs: Informer<Job> | undefined) => Promise<number>,
): Promise<number> {
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const told = new Set<string>();
  const common = { client, clock: context.clock, log: connectionLog(context, told), signal };
  const namespace = owner.metadata?.namespace;
  const pods = createInformer({ ...common, resource: PODS, query: { namespace, ...query } });
  const jobQuery = { namespace, fieldSelector: `metadata.name=${owner.metadata?.name}` };
  const jobs = owner.kind === 'Job' ? createInformer({ ...common, resource: JOBS, query: jobQuery }) : undefined;
  const informers = jobs === undefined ? [pods] : [pods, jobs];
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    if (signal.aborted) reject(signal.reason);
  });
  aborted.catch(() => {});
  try {
    await Promise.race([Promise.all(informers.map(({ synced }) => synced)), aborted]);
    const nextChange = (): Promise<void> => {
      const change = Promise.race([changeOf(informers), aborted]);
      // Asked for before the state is read, and often not needed: then its abort is nobody's error.
      change.catch(() => {});
      return change;
    };
    return await run({ context, client, pods, shown: [], told, passInput: createPassInput(context, input), signal, nextChange }, jobs);
  } finally {
    stop.abort();
    await Promise.all(informers.map(({ done }) => done));
  }
}

/** The informer tries again for ever: the user should know what the silence means. */
function connectionLog(context: CliContext, told: Set<string>): Logger {
  return {
    ...silentLogger,
    warn(_message, fields) {
      const text = `the server does not answer, trying again: ${(fields?.['error'] as Error | undefined)?.message ?? ''}\n`;
      if (told.has(text)) return;
      told.add(text);
      void context.err.write(text);
    },
  };
}

function changeOf(informers: readonly { onChange(callback: () => void): () => void }[]): Promise<void> {
  return new Promise((resolve) => {
    const stops = informers.map((informer) =>
      informer.onChange(() => {
        for (const stop of stops) stop();
        resolve();
      }),
    );
  });
}

function byAge(pods: readonly Pod[]): Pod[] {
  const created = (pod: Pod): string => String(pod.metadata?.creationTimestamp ?? '');
  return [...pods].sort((a, b) => (created(a) < created(b) ? -1 : created(a) > created(b) ? 1 : 0));
}

function failedExitCode({ status }: Pod): number | undefined {
  const [container] = status?.containerStatuses ?? [];
  const exitCode = (container?.state?.terminated ?? container?.lastState?.terminated)?.exitCode;
  return exitCode === 0 ? undefined : exitCode;
}

/** 'Complete', or why the Job failed; undefined while it runs. */
function endOf(job: Job | undefined, { metadata }: Job): string | undefined {
  if (job === undefined) throw new Error(`jobs.batch "${metadata?.name}" was deleted while it ran`);
  for (const { type, status, reason, message } of job.status?.conditions ?? []) {
    if (status !== 'True') continue;
    if (type === 'Complete') return 'Complete';
    if (type === 'Failed') return `${reason ?? 'Failed'}: ${message ?? ''}`;
  }
  return undefined;
}

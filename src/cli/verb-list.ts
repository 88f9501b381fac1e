// Every verb and the file it lives in. A file is loaded when its verb is typed, so that one verb never pays for another.
import type { RegisterVerb } from './context.ts';

export interface VerbEntry {
  /** The verb and its aliases. */
  readonly names: readonly string[];
  readonly load: () => Promise<RegisterVerb>;
  /** What an error exits with where it is not 1: for a verb whose other codes are those of containers. */
  readonly failureCode?: number;
}

/** In the order in which help shows them. */
export const VERBS: readonly VerbEntry[] = [
  { names: ['get'], load: async () => (await import('./verbs/get.ts')).registerGet },
  { names: ['describe'], load: async () => (await import('./verbs/describe.ts')).registerDescribe },
  { names: ['logs'], load: async () => (await import('./verbs/logs.ts')).registerLogs },
  { names: ['exec'], load: async () => (await import('./verbs/exec.ts')).registerExec },
  { names: ['debug'], load: async () => (await import('./verbs/debug.ts')).registerDebug },
  { names: ['attach'], load: async () => (await import('./verbs/attach.ts')).registerAttach },
  { names: ['cp'], load: async () => (await import('./verbs/cp.ts')).registerCp },
  { names: ['port-forward'], load: async () => (await import('./verbs/port-forward.ts')).registerPortForward },
  { names: ['proxy'], load: async () => (await import('./verbs/proxy.ts')).registerProxy },
  { names: ['dns'], load: async () => (await import('./verbs/dns.ts')).registerDns },
  { names: ['events'], load: async () => (await import('./verbs/events.ts')).registerEvents },
  { names: ['why'], load: async () => (await import('./verbs/why.ts')).registerWhy },
  { names: ['can-reach'], load: async () => (await import('./verbs/can-reach.ts')).registerCanReach },
  { names: ['timeline'], load: async () => (await import('./verbs/timeline.ts')).registerTimeline },
  { names: ['top'], load: async () => (await import('./verbs/top.ts')).registerTop },
  { names: ['wait'], load: async () => (await import('./verbs/wait.ts')).registerWait },
  { names: ['apply'], load: async () => (await import('./verbs/apply.ts')).registerApply },
  { names: ['create'], load: async () => (await import('./verbs/create.ts')).registerCreate },
  { names: ['delete'], load: async () => (await import('./verbs/delete.ts')).registerDelete },
  { names: ['patch'], load: async () => (await import('./verbs/patch.ts')).registerPatch },
  { names: ['replace'], load: async () => (await import('./verbs/replace.ts')).registerReplace },
  { names: ['label'], load: async () => (await import('./verbs/label.ts')).registerLabel },
  { names: ['annotate'], load: async () => (await import('./verbs/annotate.ts')).registerAnnotate },
  { names: ['expose'], load: async () => (await import('./verbs/expose.ts')).registerExpose },
  { names: ['url'], load: async () => (await import('./verbs/url.ts')).registerUrl },
  { names: ['service', 'svc'], load: async () => (await import('./verbs/url.ts')).registerService },
  { names: ['run'], load: async () => (await import('./verbs/run.ts')).registerRun },
  { names: ['run-job'], load: async () => (await import('./verbs/run-job.ts')).registerRunJob, failureCode: 125 },
  { names: ['trigger'], load: async () => (await import('./verbs/trigger.ts')).registerTrigger },
  { names: ['rerun'], load: async () => (await import('./verbs/rerun.ts')).registerRerun },
  { names: ['diff'], load: async () => (await import('./verbs/diff.ts')).registerDiff },
  { names: ['edit'], load: async () => (await import('./verbs/edit.ts')).registerEdit },
  { names: ['suspend'], load: async () => (await import('./verbs/suspend.ts')).registerSuspend },
  { names: ['resume'], load: async () => (await import('./verbs/resume.ts')).registerResume },
  { names: ['cron'], load: async () => (await import('./verbs/cron.ts')).registerCron },
  { names: ['simulate'], load: async () => (await import('./verbs/simulate.ts')).registerSimulate },
  { names: ['auth'], load: async () => (await import('./verbs/auth.ts')).registerAuth },
  { names: ['cordon'], load: async () => (await import('./verbs/cordon.ts')).registerCordon },
  { names: ['uncordon'], load: async () => (await import('./verbs/uncordon.ts')).registerUncordon },
  { names: ['drain'], load: async () => (await import('./verbs/drain.ts')).registerDrain },
  { names: ['taint'], load: async () => (await import('./verbs/taint.ts')).registerTaint },
  { names: ['start'], load: async () => (await import('./verbs/start.ts')).registerStart },
  { names: ['stop'], load: async () => (await import('./verbs/stop.ts')).registerStop },
  { names: ['status'], load: async () => (await import('./verbs/status.ts')).registerStatus },
  { names: ['reset'], load: async () => (await import('./verbs/reset.ts')).registerReset },
  { names: ['daemon'], load: async () => (await import('./verbs/daemon.ts')).registerDaemon },
  { names: ['daemon-logs'], load: async () => (await import('./verbs/daemon-logs.ts')).registerDaemonLogs },
  { names: ['kubeconfig'], load: async () => (await import('./verbs/kubeconfig.ts')).registerKubeconfig },
  { names: ['version'], load: async () => (await import('./verbs/version.ts')).registerVersion },
  { names: ['explain'], load: async () => (await import('./verbs/explain.ts')).registerExplain },
  { names: ['api-resources'], load: async () => (await import('./verbs/api-resources.ts')).registerApiResources },
  { names: ['api-versions'], load: async () => (await import('./verbs/api-versions.ts')).registerApiVersions },
  { names: ['cluster-info'], load: async () => (await import('./verbs/cluster-info.ts')).registerClusterInfo },
];

// minik suspend: stops Jobs and CronJobs until they are resumed.
import type { RegisterVerb } from '../context.ts';
import { addSuspendFlags } from '../suspend/set-suspend.ts';

export const registerSuspend: RegisterVerb = (program, launch) => {
  const command = program
    .command('suspend')
    .summary('stop jobs and cronjobs until they are resumed')
    .description("Suspends: a Job's running Pods are deleted and count neither as failed nor as done; a CronJob starts nothing more,\nand what it has started runs on.");
  addSuspendFlags(command, launch, { suspend: true, done: 'suspended' });
};

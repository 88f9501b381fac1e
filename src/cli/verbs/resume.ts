// minik resume: lets suspended Jobs and CronJobs go on.
import type { RegisterVerb } from '../context.ts';
import { addSuspendFlags } from '../suspend/set-suspend.ts';

export const registerResume: RegisterVerb = (program, launch) => {
  const command = program
    .command('resume')
    .summary('let suspended jobs and cronjobs go on')
    .description('Resumes: a Job gets its Pods again, and its deadline starts anew; a CronJob at once starts the latest run that it missed,\nunless its startingDeadlineSeconds have passed.');
  addSuspendFlags(command, launch, { suspend: false, done: 'resumed' });
};

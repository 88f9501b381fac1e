// minik create cronjob: a CronJob that runs one container.
import type { Container, CronJob } from '../../api/generated/types.ts';
import { apiVersionOf, CRON_JOBS } from '../../api/kinds.ts';
import { UsageError, type RegisterVerb } from '../context.ts';
import { addGenerateFlags, createGenerated, exactlyOneName, type GenerateFlags } from '../write/create-generated.ts';

interface Flags extends GenerateFlags {
  readonly image?: string;
  readonly schedule?: string;
  readonly restart?: string;
}

export const registerCreateCronJob: RegisterVerb = (program, launch) => {
  const command = program
    .command('cronjob')
    .alias('cj')
    .summary('a CronJob that runs one container')
    .description("minik create cronjob NAME --image=IMAGE --schedule='*/5 * * * *' [-- COMMAND ARGS...]")
    .argument('[name]', 'the name of the CronJob')
    .argument('[command...]', 'what to run, behind --')
    .option('--image <image>', 'the image to run')
    .option('--schedule <schedule>', "when: '*/5 * * * *', '@hourly'")
    .option('--restart <policy>', 'OnFailure or Never', 'OnFailure');
  addGenerateFlags(command);
  command.action((name: string | undefined, words: string[], flags: Flags) =>
    launch(command, (context) => {
      const { image, schedule, restart = '' } = flags;
      const missing = [...(image === undefined ? ['"image"'] : []), ...(schedule === undefined ? ['"schedule"'] : [])];
      if (missing.length > 0) throw new UsageError(`required flag(s) ${missing.join(', ')} not set`);
      const named = exactlyOneName(name === undefined ? [] : [name], 'create cronjob');
      const cronJob = generateCronJob(named, { image: image!, schedule: schedule!, restart, command: words });
      return createGenerated(context, cronJob, { resource: CRON_JOBS, flags, failure: 'failed to create cronjob: ' });
    }),
  );
};

export interface CronJobWish {
  readonly image: string;
  readonly schedule: string;
  /** '' is OnFailure. */
  readonly restart: string;
  readonly command: readonly string[];
}

export function generateCronJob(name: string, { image, schedule, restart, command }: CronJobWish): CronJob {
  const container: Container = { name, image, resources: {}, ...(command.length === 0 ? {} : { command: [...command] }) };
  const template = { metadata: {}, spec: { containers: [container], restartPolicy: restart === '' ? 'OnFailure' : restart } };
  return {
    apiVersion: apiVersionOf(CRON_JOBS),
    kind: CRON_JOBS.kind,
    metadata: { name },
    spec: { jobTemplate: { metadata: { name }, spec: { template } }, schedule },
    status: {},
  };
}

// minik run-job: runs Jobs to their end and exits as their containers did. Made for CI.
import { randomIds } from '../../base/ids.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { addFollowFlags, exitCodesText, followOptionsOf, requireWritable, type FollowFlags } from '../job-run/follow-flags.ts';
import { makeJobsOfManifests, type ManifestFlags } from '../job-run/jobs-of-manifests.ts';
import { findJobsByName } from '../job-run/jobs-of-names.ts';
import { runJobs } from '../job-run/run-jobs.ts';
import { addFileFlags, addValidateFlag, filesOf } from '../write/write-flags.ts';

interface Flags extends ManifestFlags, FollowFlags {
  readonly output?: string;
  readonly junit?: string;
  readonly rm?: boolean;
  readonly logs?: boolean;
}

export const registerRunJob: RegisterVerb = (program, launch) => {
  const command = program
    .command('run-job')
    .summary('run jobs to their end and exit as they did')
    .description(
      'Runs Jobs, shows the logs of all their containers, and exits with the code of the container that failed.\n' +
        'From manifests: minik run-job -f job.yaml. A CronJob now: minik run-job cronjob/x. A Job that is there: minik run-job job/x.\n' +
        'Interrupted, it deletes the Jobs that it has made: on a terminal it asks first, and a second Ctrl-C means yes.',
    )
    .argument('[type/name...]', 'cronjob/a job/b');
  addFileFlags(command, 'the Jobs to run; what else is in the files is applied first');
  addValidateFlag(command);
  addFollowFlags(command);
  command
    .option('--recreate', 'delete a Job of that name first, whether it runs, has finished or differs')
    .option('--rm', 'delete Jobs that are complete; failed ones stay for a look')
    .option('--no-logs', 'do not show logs')
    .option('--junit <file>', 'write a JUnit report: a testsuite for each Job, a testcase for each Pod or index')
    .option('-o, --output <format>', 'json: a report on stdout; logs then go to stderr')
    .addHelpText('after', exitCodesText())
    .action((words: string[], flags: Flags) => launch(command, (context) => runJob(context, words, flags)));
};

async function runJob(context: CliContext, words: readonly string[], flags: Flags): Promise<number> {
  const { output = '', junit } = flags;
  if (output !== '' && output !== 'json') throw new UsageError(`unexpected -o output mode: ${output}. We only support '-o json'`);
  const fromFiles = filesOf(flags).length > 0;
  if (fromFiles && words.length > 0) throw new UsageError('when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well');
  if (!fromFiles && words.length === 0) throw new UsageError('what to run must be given: -f job.yaml, cronjob/NAME or job/NAME');
  if (!fromFiles && flags.recreate === true) throw new UsageError('--recreate needs -f: minik rerun job/NAME runs a Job again as it is');
  if (junit !== undefined) await requireWritable(junit, '--junit');
  const options = { ...followOptionsOf(flags), logs: flags.logs !== false, json: output === 'json', remove: flags.rm === true, ...(junit === undefined ? {} : { junit }) };
  return runJobs(context, options, (finding) => (fromFiles ? makeJobsOfManifests(finding, flags) : findJobsByName(finding, words, randomIds)));
}

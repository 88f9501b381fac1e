// What a CronJob's planner asks for, a line an action, so that tests read as what happens.
import type { CronJobAction } from '../../src/controllers/cronjob/cron-job-action.ts';

export function actionTexts(actions: readonly CronJobAction[]): string[] {
  return actions.map(actionText);
}

function actionText(action: CronJobAction): string {
  switch (action.type) {
    case 'create-job':
      return `create ${action.job.metadata?.name}`;
    case 'delete-job':
      return `delete ${action.job.metadata?.name}`;
    case 'write-status': {
      const { active = [], lastScheduleTime, lastSuccessfulTime } = action.status;
      const told = Object.entries(action.annotations ?? {}).map(([name, value]) => `${name}=${value}`);
      const times = [...(lastScheduleTime === undefined ? [] : [`last ${clock(lastScheduleTime)}`]), ...(lastSuccessfulTime === undefined ? [] : [`success ${clock(lastSuccessfulTime)}`])];
      return ['write', `active [${active.map(({ name }) => name).join(' ')}]`, ...times, ...told].join(' ');
    }
    case 'record-event':
      return `${action.event.type} ${action.event.reason}: ${action.event.message}`;
  }
}

function clock(time: string): string {
  return time.slice(11, 19);
}

// minik auth whoami: whom the server takes the caller for.
import type { SelfSubjectReview, UserInfo } from '../../api/generated/types.ts';
import { SELF_SUBJECT_REVIEWS } from '../../api/kinds.ts';
import type { CliContext, RegisterVerb } from '../context.ts';
import { createObjectPrinter, type PrintFlags } from '../printers/object-printer.ts';
import { alignTabs, TABLE_ALIGNMENT } from '../printers/tab-align.ts';
import { addPrintFlags } from '../write/write-flags.ts';

export const registerAuth: RegisterVerb = (program, launch) => {
  const auth = program.command('auth').summary('who you are to the server').description('minik auth whoami');
  const command = auth.command('whoami').summary('the user that the server takes you for').description('minik auth whoami [-o json]');
  addPrintFlags(command);
  command.action((flags: PrintFlags) => launch(command, (context) => whoAmI(context, flags)));
};

async function whoAmI(context: CliContext, flags: PrintFlags): Promise<void> {
  const printer = await createObjectPrinter(flags);
  const client = await context.client();
  const review: SelfSubjectReview = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const answer = await client.create(SELF_SUBJECT_REVIEWS, review);
  await context.out.write(printer === undefined ? alignTabs(tableOf(answer.status?.userInfo ?? {}), TABLE_ALIGNMENT) : printer(answer));
}

function tableOf({ username = '', uid = '', groups = [], extra = {} }: UserInfo): string {
  const rows = [
    ['ATTRIBUTE', 'VALUE'],
    ...(username === '' ? [] : [['Username', username]]),
    ...(uid === '' ? [] : [['UID', uid]]),
    ...(groups.length === 0 ? [] : [['Groups', `[${groups.join(' ')}]`]]),
    ...Object.entries(extra).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, values]) => [`Extra: ${name}`, `[${values.join(' ')}]`]),
  ];
  return rows.map((row) => `${row.join('\t')}\n`).join('');
}

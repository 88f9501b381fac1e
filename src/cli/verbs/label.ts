// minik label: sets and removes labels.
import type { RegisterVerb } from '../context.ts';
import { addMapFlags, changeMap, type MapFlags, type MapVerb } from '../write/change-map.ts';

export const registerLabel: RegisterVerb = (program, launch) => {
  const command = program
    .command('label')
    .summary('set or remove labels')
    .description('Sets labels (key=value) and removes them (key-).')
    .argument('[type/name and key=value...]', 'job x a=b c-');
  addMapFlags(command, { manager: 'kubectl-label', what: 'labels' });
  command.action((words: string[], flags: MapFlags) => launch(command, (context) => changeMap(context, words, { flags, verb: LABEL })));
};

const LABEL: MapVerb = {
  what: 'label',
  field: 'labels',
  doneText({ patch }) {
    const values = Object.values(patch);
    if (values.length === 0) return 'not labeled';
    return values.every((value) => value === null) ? 'unlabeled' : 'labeled';
  },
  clashErrors: (clashes) => clashes.map(({ key, value }) => `'${key}' already has a value (${value}), and --overwrite is false`),
};

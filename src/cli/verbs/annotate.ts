// minik annotate: sets and removes annotations.
import type { RegisterVerb } from '../context.ts';
import { addMapFlags, changeMap, type MapFlags, type MapVerb } from '../write/change-map.ts';

export const registerAnnotate: RegisterVerb = (program, launch) => {
  const command = program
    .command('annotate')
    .summary('set or remove annotations')
    .description('Sets annotations (key=value) and removes them (key-).')
    .argument('[type/name and key=value...]', 'job x a=b c-');
  addMapFlags(command, { manager: 'kubectl-annotate', what: 'annotations' });
  command.action((words: string[], flags: MapFlags) => launch(command, (context) => changeMap(context, words, { flags, verb: ANNOTATION })));
};

const ANNOTATION: MapVerb = {
  what: 'annotation',
  field: 'annotations',
  doneText: () => 'annotated',
  clashErrors: (clashes) => [
    `--overwrite is false but found the following declared annotation(s): ${clashes.map(({ key, value }) => `'${key}' already has a value (${value})`).join('; ')}`,
  ],
};

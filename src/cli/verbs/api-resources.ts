// minik api-resources: what the server serves.
import { apiVersionOf, type Resource } from '../../api/kinds.ts';
import { UsageError, type RegisterVerb } from '../context.ts';
import { alignTabs, TABLE_ALIGNMENT } from '../printers/tab-align.ts';

interface Flags {
  readonly output?: string;
  readonly apiGroup?: string;
  readonly namespaced?: string | true;
  readonly headers: boolean;
}

export const registerApiResources: RegisterVerb = (program, launch) => {
  const command = program
    .command('api-resources')
    .summary('print what the server serves')
    .description('Prints the resources that the server serves.')
    .option('-o, --output <format>', 'wide | name')
    .option('--api-group <group>', 'only of this group')
    .option('--namespaced [bool]', 'only those that live in namespaces, or that do not')
    .option('--no-headers', 'leave out the headers');
  command.action((flags: Flags) =>
    launch(command, async (context) => {
      await context.client();
      const rows = sorted((await context.resources()).filter((row) => isWanted(row, flags)));
      await context.out.write(textOf(rows, flags));
    }),
  );
};

function isWanted(row: Resource, { apiGroup, namespaced }: Flags): boolean {
  const inGroup = apiGroup === undefined || row.group === apiGroup;
  return inGroup && (namespaced === undefined || row.namespaced === (namespaced !== 'false'));
}

/** The core group first, then by group and name. */
function sorted(rows: readonly Resource[]): Resource[] {
  return [...rows].sort((a, b) => a.group.localeCompare(b.group) || a.plural.localeCompare(b.plural));
}

function textOf(rows: readonly Resource[], { output, headers }: Flags): string {
  if (output === 'name') return rows.map((row) => `${row.plural}${row.group === '' ? '' : `.${row.group}`}\n`).join('');
  if (output !== undefined && output !== 'wide') throw new UsageError(`--output ${output} is not available`);
  const wide = output === 'wide';
  const head = ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND', ...(wide ? ['VERBS', 'CATEGORIES'] : [])];
  const lines = rows.map((row) => [
    row.plural,
    row.shortNames.join(','),
    apiVersionOf(row),
    String(row.namespaced),
    row.kind,
    ...(wide ? [row.verbs.join(','), row.categories.join(',')] : []),
  ]);
  return alignTabs(`${[...(headers ? [head] : []), ...lines].map((line) => line.join('\t')).join('\n')}\n`, TABLE_ALIGNMENT);
}

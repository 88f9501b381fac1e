// pure: YAML as kubectl prints it: keys sorted, lists not indented under their key, strings quoted only where needed.
import { scalarText } from './yaml-scalar.ts';

export function yamlText(value: unknown): string {
  return nodeText(value, { indent: 0, column: 0 }).replace(/^\n/, '') + '\n';
}

interface At {
  /** Column at which lines of this node begin. */
  readonly indent: number;
  /** Column already reached on the current line. */
  readonly column: number;
}

/** Text that follows "key:" or "-": begins with a line break for a block, with nothing for a scalar. */
function nodeText(value: unknown, at: At): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : listText(value, at.indent);
  if (typeof value !== 'object' || value === null) return scalarText(value, { ...at, isKey: false });
  const keys = Object.keys(value).filter((key) => (value as Record<string, unknown>)[key] !== undefined);
  return keys.length === 0 ? '{}' : mapText(value as Record<string, unknown>, { keys: keys.sort(), indent: at.indent });
}

function mapText(map: Readonly<Record<string, unknown>>, { keys, indent }: { readonly keys: readonly string[]; readonly indent: number }): string {
  const pad = `\n${' '.repeat(indent)}`;
  return keys
    .map((key) => {
      const name = scalarText(key, { indent, column: indent, isKey: true });
      const value = map[key];
      // A list stands at the column of its key, everything else two further in.
      const inner = Array.isArray(value) ? indent : indent + 2;
      const text = nodeText(value, { indent: inner, column: indent + name.length + 2 });
      return `${pad}${name}:${text.startsWith('\n') ? '' : ' '}${text}`;
    })
    .join('');
}

function listText(list: readonly unknown[], indent: number): string {
  const pad = `\n${' '.repeat(indent)}`;
  return list
    .map((item) => {
      const text = nodeText(item, { indent: indent + 2, column: indent + 2 });
      // The first line of a nested block goes on behind the dash.
      return `${pad}- ${text.startsWith('\n') ? text.slice(indent + 3) : text}`;
    })
    .join('');
}

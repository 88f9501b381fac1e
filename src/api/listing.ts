// pure: a list in a cell: its first few items, and how many more there are.

const SHOWN = 3;

/** "a,b,c + 2 more..."; '' for nothing. */
export function firstFew(items: readonly string[]): string {
  const shown = items.slice(0, SHOWN).join(',');
  return items.length > SHOWN ? `${shown} + ${items.length - SHOWN} more...` : shown;
}

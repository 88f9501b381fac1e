// pure: lists of strings as Go's %q prints them: ["a" "b"].

export function formatStringList(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(' ')}]`;
}

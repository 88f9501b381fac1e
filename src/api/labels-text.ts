// pure: labels in one line, as upstream prints them.

/** "a=1,b=2" in order of their names, or "<none>". */
export function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  const sorted = Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.length === 0 ? '<none>' : sorted.map(([name, value]) => `${name}=${value}`).join(',');
}

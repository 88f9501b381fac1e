// pure: JSON as Go prints it: keys sorted, four spaces, and the characters that matter to HTML escaped.

export function jsonText(value: unknown): string {
  return `${goEscapes(JSON.stringify(sortedKeys(value), null, 4))}\n`;
}

/** One line, as JSONPath prints maps and lists. */
export function compactJson(value: unknown): string {
  return goEscapes(JSON.stringify(sortedKeys(value)));
}

export function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  // Go orders map keys by bytes; for the ASCII names of the API that is the order of code units.
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortedKeys((value as Record<string, unknown>)[key])]),
  );
}

function goEscapes(text: string): string {
  return text.replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

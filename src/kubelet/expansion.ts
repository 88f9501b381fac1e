// pure: $(VAR) in commands, arguments, environment values and subPathExpr. $$(VAR) stays as $(VAR); what is unknown stays.

export function expand(text: string, lookup: (name: string) => string | undefined): string {
  return text.replace(/\$(\$|\(([^)]*)\))/g, (whole, after: string, name: string | undefined) => {
    if (after === '$') return '$';
    return lookup(name ?? '') ?? whole;
  });
}

/** The names that a text refers to and that `lookup` does not know. */
export function unknownReferences(text: string, lookup: (name: string) => string | undefined): readonly string[] {
  const unknown: string[] = [];
  expand(text, (name) => {
    const value = lookup(name);
    if (value === undefined) unknown.push(name);
    return value;
  });
  return unknown;
}

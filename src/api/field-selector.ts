// pure: field selectors, "metadata.name=x,status.phase!=Running".
import { badRequestError } from './status-error.ts';

export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** In values, "\" stands before "\", "," and "=" that mean themselves. */
export function parseFieldSelector(text: string): FieldRequirement[] {
  return splitTerms(text)
    .filter((term) => term !== '')
    .map((term) => {
      const match = /^(.*?)(!=|==|=)(.*)$/s.exec(term);
      if (match === null) throw badRequestError(`invalid selector: '${text}'; can't understand '${term}'`);
      return { field: match[1]!, operator: match[2] === '!=' ? '!=' : '=', value: unescaped(match[3]!) };
    });
}

export function matchesFields(requirements: readonly FieldRequirement[], fields: Readonly<Record<string, string>>): boolean {
  return requirements.every(({ field, operator, value }) => ((Object.hasOwn(fields, field) ? fields[field] : '') === value) === (operator === '='));
}

/** At every comma that no "\" stands before. */
function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === ',') {
      terms.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...terms, text.slice(start)];
}

function unescaped(value: string): string {
  return value.replace(/\\(.?)|([,=])/gs, (found: string, escaped: string | undefined, bare: string | undefined) => {
    if (bare !== undefined) throw badRequestError(`invalid field selector: unescaped character in value: ${bare}`);
    if (escaped === undefined || !/[\\,=]/.test(escaped)) throw badRequestError(`invalid field selector: invalid escape sequence: ${found}`);
    return escaped;
  });
}

// pure: field selectors, "metadata.name=x,status.phase!=Running".
import { badRequestError } from './status-error.ts';

export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

export function parseFieldSelector(text: string): FieldRequirement[] {
  return splitUnescaped(text)
    .filter((part) => part !== '')
    .map((part) => {
      const match = /^([^=!]+?)(==|=|!=)((?:[^\\=,]|\\[\\=,])*)$/.exec(part);
      if (match === null) throw badRequestError(`invalid selector: '${text}'; can't understand '${part}'`);
      return { field: match[1]!, operator: match[2] === '!=' ? '!=' : '=', value: match[3]!.replace(/\\([\\=,])/g, '$1') };
    });
}

export function matchesFields(requirements: readonly FieldRequirement[], fields: Readonly<Record<string, string>>): boolean {
  return requirements.every(({ field, operator, value }) => ((fields[field] ?? '') === value) === (operator === '='));
}

function splitUnescaped(text: string): string[] {
  return text.match(/(?:[^\\,]|\\.)+/g) ?? [];
}

// pure: the words and signs of a label selector's text, read one at a time.

export type LabelToken =
  /** Keys, values, and the words "in" and "notin": which of them it is depends on the place. */
  | { readonly type: 'word'; readonly text: string }
  | { readonly type: 'sign'; readonly text: string }
  | { readonly type: 'end'; readonly text: '' };

export interface LabelTokens {
  peek(): LabelToken;
  next(): LabelToken;
}

const END: LabelToken = { type: 'end', text: '' };
/** The longest signs first; a run of signs that begins with none of them is refused by whoever meets it. */
const TOKEN = /\s*(?:(==|!=|[=!(),<>])|([^\s=!(),<>]+))/y;

export function labelTokens(text: string): LabelTokens {
  const tokens = readTokens(text);
  let at = 0;
  return {
    peek: () => tokens[at] ?? END,
    next: () => tokens[at++] ?? END,
  };
}

function readTokens(text: string): LabelToken[] {
  const tokens: LabelToken[] = [];
  const pattern = new RegExp(TOKEN);
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    tokens.push(match[1] === undefined ? { type: 'word', text: match[2]! } : { type: 'sign', text: match[1] });
  }
  return tokens;
}

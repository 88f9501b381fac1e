// pure: what nft says of a script that it refuses, as one short message.

const LONGEST_COMMAND = 200;
const MOST_ERRORS = 3;
/** nft repeats the whole line, which may be a megabyte, and underlines what it means. */
const UNDERLINE = /^[ ]*\^[\^~ ]*$/;

/** Undefined when nothing is wrong: nft is silent then. */
export function refusalOf(said: string): string | undefined {
  const lines = said.split('\n');
  const errors = lines.flatMap((line, at) => {
    const words = /^(?:.*?: )?Error: (.*)$/.exec(line)?.[1];
    return words === undefined ? [] : [`${words}${culprit(lines[at + 1] ?? '', lines[at + 2] ?? '')}`];
  });
  if (errors.length === 0) return said.trim() === '' ? undefined : said.trim().slice(0, LONGEST_COMMAND);
  const more = errors.length > MOST_ERRORS ? `; and ${errors.length - MOST_ERRORS} more` : '';
  return `${errors.slice(0, MOST_ERRORS).join('; ')}${more}`;
}

/** The one command of the line that is underlined. */
function culprit(source: string, underline: string): string {
  if (!UNDERLINE.test(underline)) return '';
  const at = underline.indexOf('^');
  const start = source.lastIndexOf(';', at - 1) + 1;
  const end = source.indexOf(';', at);
  return ` (${source.slice(start, end === -1 ? undefined : end).trim().slice(0, LONGEST_COMMAND)})`;
}

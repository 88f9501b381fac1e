// pure: text and attributes of XML 1.0, whatever a program wrote.

/** Colours and cursor moves of terminals. */
const ESCAPE_SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/g;
/** What XML 1.0 has no way to say, not even escaped. */
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export function xmlText(text: string): string {
  return clean(text).replace(/[&<>\r]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' })[char]!);
}

/** Line ends are kept as references: a parser would make spaces of them. */
export function xmlAttribute(text: string): string {
  return xmlText(text).replace(/["\n\t]/g, (char) => ({ '"': '&quot;', '\n': '&#10;', '\t': '&#9;' })[char]!);
}

/** An element; attributes that are undefined are left out. `content` is XML already. */
export function xmlElement(name: string, attributes: Readonly<Record<string, string | number | undefined>>, content: readonly string[] = []): string {
  const pairs = Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${xmlAttribute(String(value))}"`]));
  const open = `<${name}${pairs.join('')}`;
  return content.length === 0 ? `${open}/>` : `${open}>${content.join('')}</${name}>`;
}

/** Half of a character stands for nothing. */
function clean(text: string): string {
  return text.toWellFormed().replace(ESCAPE_SEQUENCES, '').replace(FORBIDDEN, '\ufffd');
}

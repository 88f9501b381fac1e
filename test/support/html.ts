// A strict reader of small pages: every element must be closed in its order, every attribute quoted; throws otherwise.

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const VOID = new Set(['meta', 'br', 'hr', 'link', 'img', 'input']);
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** Elements in the order in which they open. */
export function parseHtml(page: string): Element[] {
  const elements: Element[] = [];
  const open: string[] = [];
  walk(page, {
    opened(element) {
      elements.push(element);
      if (!VOID.has(element.name)) open.push(element.name);
    },
    closed(name) {
      const last = open.pop();
      if (last !== name) throw new Error(`</${name}> closes <${last}>`);
    },
    text() {},
  });
  if (open.length > 0) throw new Error(`never closed: ${open.join(', ')}`);
  return elements;
}

/** All text between tags, each piece by itself. */
export function textsOf(page: string): string[] {
  const texts: string[] = [];
  walk(page, { opened() {}, closed() {}, text: (text) => void (text.trim() === '' ? undefined : texts.push(text.trim())) });
  return texts;
}

interface Visitor {
  opened(element: Element): void;
  closed(name: string): void;
  text(text: string): void;
}

function walk(page: string, visitor: Visitor): void {
  let rest = page.replace(/^<!doctype html>/i, '');
  while (rest !== '') {
    const tag = /^<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*>/.exec(rest);
    if (tag !== null) {
      const [whole, slash, name, attributes] = tag as unknown as [string, string, string, string];
      if (slash === '/') visitor.closed(name);
      else visitor.opened({ name, attributes: Object.fromEntries([...attributes.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)].map(([, key = '', value = '']) => [key, decode(value)])) });
      rest = rest.slice(whole.length);
      if (name === 'style' && slash === '') rest = rest.slice(rest.indexOf('</style>'));
      continue;
    }
    const text = /^[^<]+/.exec(rest)?.[0];
    if (text === undefined) throw new Error(`neither a tag nor text: ${rest.slice(0, 60)}`);
    visitor.text(decode(text));
    rest = rest.slice(text.length);
  }
}

function decode(text: string): string {
  if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(text)) throw new Error(`a bare & in ${JSON.stringify(text)}`);
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name]!);
}

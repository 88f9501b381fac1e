// pure: where in its document a field stands. Looked up only when something is wrong, from the events of the YAML parser.
import { EVENT_ID, getScalarValue, parseEvents, type Event } from 'js-yaml';
import type { Source } from './manifest.ts';

export interface Position {
  /** In the file, from 1. */
  readonly line: number;
  readonly column: number;
}

/** Keys and list indexes from the document's root; the position of the last one's key, or undefined when it is not there. */
export function positionOf(source: Source, path: readonly (string | number)[]): Position | undefined {
  let events: readonly Event[];
  try {
    events = parseEvents(source.text, {});
  } catch {
    return undefined;
  }
  const start = events.findIndex((event) => event.type !== EVENT_ID.DOCUMENT);
  const offset = start < 0 ? undefined : find({ events, text: source.text }, { at: start, path: [...source.path, ...path] });
  return offset === undefined ? undefined : toPosition(source, offset);
}

interface Events {
  readonly events: readonly Event[];
  readonly text: string;
}

function find(all: Events, { at, path }: { readonly at: number; readonly path: readonly (string | number)[] }): number | undefined {
  const [step, ...rest] = path;
  const node = all.events[at]!;
  if (step === undefined) return startOf(node);
  if (node.type === EVENT_ID.SEQUENCE) {
    let item = at + 1;
    for (let index = 0; all.events[item]!.type !== EVENT_ID.POP; index++) {
      if (index === step) return rest.length === 0 ? startOf(all.events[item]!) : find(all, { at: item, path: rest });
      item = after(all.events, item);
    }
    return undefined;
  }
  if (node.type !== EVENT_ID.MAPPING) return undefined;
  for (let key = at + 1; all.events[key]!.type !== EVENT_ID.POP; ) {
    const value = after(all.events, key);
    const event = all.events[key]!;
    if (event.type === EVENT_ID.SCALAR && getScalarValue(all.text, event) === String(step)) {
      return rest.length === 0 ? event.valueStart : find(all, { at: value, path: rest });
    }
    key = after(all.events, value);
  }
  return undefined;
}

/** The event behind the node that begins at `at`. */
function after(events: readonly Event[], at: number): number {
  const open = (event: Event): boolean => event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE;
  if (!open(events[at]!)) return at + 1;
  let depth = 0;
  for (let index = at; ; index++) {
    if (open(events[index]!)) depth++;
    else if (events[index]!.type === EVENT_ID.POP && --depth === 0) return index + 1;
  }
}

function startOf(event: Event): number | undefined {
  if (event.type === EVENT_ID.SCALAR) return event.valueStart;
  return event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE ? event.start : undefined;
}

function toPosition(source: Source, offset: number): Position {
  const before = source.text.slice(0, offset).split('\n');
  return { line: source.line + before.length - 1, column: before.at(-1)!.length + 1 };
}

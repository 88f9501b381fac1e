// pure: JSON text to a value, with the fields that occur twice, which JSON.parse forgets.
import { badRequestError } from '../status-error.ts';

export interface ParsedJson {
  readonly value: unknown;
  /** "spec.template.spec": where a later field of the same name won. */
  readonly duplicateFields: readonly string[];
}

/** Nothing that is stored comes near; what reads values recursively is safe below. */
const MAX_DEPTH = 500;

/** Throws 400 for text that is no JSON, or that is nested beyond reason. */
export function parseJson(text: string): ParsedJson {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw badRequestError(`the body is not valid JSON: ${(error as Error).message}`);
  }
  return { value, duplicateFields: findDuplicates(text) };
}

interface Level {
  /** Undefined in a list. */
  readonly names: Set<string> | undefined;
  readonly holder: Level | undefined;
  index: number;
  name: string;
}

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** Walks text that is known to be valid JSON, character by character: an expression over megabytes overflows its engine. */
function findDuplicates(text: string): string[] {
  const duplicates: string[] = [];
  let level: Level | undefined;
  let depth = 0;
  let expectName = false;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case OPEN_OBJECT:
      case OPEN_LIST: {
        expectName = text.charCodeAt(at) === OPEN_OBJECT;
        level = { names: expectName ? new Set() : undefined, holder: level, index: 0, name: '' };
        depth += 1;
        if (depth > MAX_DEPTH) throw badRequestError(`the body is nested more than ${MAX_DEPTH} levels deep`);
        break;
      }
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        level = level?.holder;
        depth -= 1;
        expectName = false;
        break;
      case COMMA:
        level!.index += 1;
        expectName = level!.names !== undefined;
        break;
      case QUOTE: {
        const end = endOfString(text, at);
        if (expectName) recordName(level!, JSON.parse(text.slice(at, end + 1)) as string, duplicates);
        expectName = false;
        at = end;
      }
    }
  }
  return [...new Set(duplicates)];
}

/** Where the closing quote is. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
}

function recordName(level: Level, name: string, duplicates: string[]): void {
  level.name = name;
  if (level.names!.has(name)) duplicates.push(pathOf(level));
  level.names!.add(name);
}

/** Of the field that the level is at. */
function pathOf({ holder, names, index, name }: Level): string {
  const before = holder === undefined ? '' : pathOf(holder);
  if (names === undefined) return `${before}[${index}]`;
  return before === '' ? name : `${before}.${name}`;
}

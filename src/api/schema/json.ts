// pure: JSON text to a value, with the fields that occur twice, which JSON.parse forgets.
import { badRequestError } from '../status-error.ts';

export interface ParsedJson {
  readonly value: unknown;
  /** "spec.template.spec": where a later field of the same name won. */
  readonly duplicateFields: readonly string[];
}

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
  /** Undefined in an array. */
  readonly names: Set<string> | undefined;
  readonly path: string;
  index: number;
  name: string;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** Walks the tokens of text that is known to be valid JSON. */
function findDuplicates(text: string): string[] {
  const duplicates: string[] = [];
  const levels: Level[] = [];
  let expectName = false;
  for (const [token] of text.matchAll(TOKEN)) {
    const level = levels.at(-1);
    switch (token) {
      case '{':
      case '[':
        levels.push({ names: token === '{' ? new Set() : undefined, path: pathInside(level), index: 0, name: '' });
        expectName = token === '{';
        break;
      case '}':
      case ']':
        levels.pop();
        expectName = false;
        break;
      case ',':
        level!.index += 1;
        expectName = level!.names !== undefined;
        break;
      case ':':
        expectName = false;
        break;
      default:
        if (expectName) recordName(level!, JSON.parse(token) as string, duplicates);
    }
  }
  return duplicates;
}

function recordName(level: Level, name: string, duplicates: string[]): void {
  level.name = name;
  if (level.names!.has(name)) duplicates.push(join(level.path, name));
  level.names!.add(name);
}

function pathInside(parent: Level | undefined): string {
  if (parent === undefined) return '';
  return parent.names === undefined ? `${parent.path}[${parent.index}]` : join(parent.path, parent.name);
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

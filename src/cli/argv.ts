// pure: rewrites what the user typed, read by kubectl's flag rules, into words commander cannot misread.
//
// kubectl takes flags anywhere, `-w=false` and `--watch=false` for booleans, and a value of an optional one only behind
// `=`. The rewritten words are: global flags, verb, the verb's flags each as one word, then everything else behind `--`.
import { UsageError } from './context.ts';

/** What is needed of a commander Option. */
export interface FlagShape {
  readonly short?: string;
  readonly long?: string;
  readonly required: boolean;
  readonly optional: boolean;
  readonly negate: boolean;
}

/** What is needed of a commander Command. */
export interface CommandShape {
  readonly options: readonly FlagShape[];
  readonly commands: readonly CommandShape[];
  readonly parent: CommandShape | null;
  name(): string;
  aliases(): readonly string[];
}

interface Found {
  readonly flag: FlagShape;
  readonly owner: CommandShape;
}

interface Reading {
  readonly words: readonly string[];
  at: number;
  command: CommandShape;
  readonly path: CommandShape[];
  readonly flags: Map<CommandShape, string[]>;
  readonly rest: string[];
}

export function normalizeArgv(program: CommandShape, words: readonly string[]): string[] {
  const reading: Reading = { words, at: 0, command: program, path: [program], flags: new Map([[program, []]]), rest: [] };
  while (reading.at < words.length) {
    const word = words[reading.at++]!;
    if (word === '--') {
      reading.rest.push(...words.slice(reading.at));
      break;
    }
    if (word.startsWith('--')) readLongFlag(reading, word);
    else if (word.startsWith('-') && word !== '-') readShortFlags(reading, word);
    else readOperand(reading, word);
  }
  const head = reading.path.flatMap((step) => [...(step === program ? [] : [step.name()]), ...reading.flags.get(step)!]);
  return reading.rest.length === 0 ? head : [...head, '--', ...reading.rest];
}

function readLongFlag(reading: Reading, word: string): void {
  const equals = word.indexOf('=');
  const name = equals < 0 ? word : word.slice(0, equals);
  const found = findFlag(reading.command, name);
  if (found === undefined) {
    if (name !== '--help') throw flagError(reading.command, `unknown flag: ${name}`);
    reading.flags.get(reading.command)!.push(name);
    return;
  }
  const value = equals >= 0 ? word.slice(equals + 1) : found.flag.required ? nextWord(reading, name) : undefined;
  add(reading, found, value);
}

function readShortFlags(reading: Reading, word: string): void {
  for (let letter = 1; letter < word.length; letter++) {
    const found = findFlag(reading.command, `-${word[letter]}`);
    if (found === undefined) {
      if (word[letter] !== 'h') throw flagError(reading.command, `unknown shorthand flag: '${word[letter]}' in ${word}`);
      reading.flags.get(reading.command)!.push('--help');
      continue;
    }
    const tail = word.slice(letter + 1);
    if (tail.startsWith('=') || (found.flag.required && tail !== '')) return add(reading, found, tail.replace(/^=/, ''));
    add(reading, found, found.flag.required ? nextWord(reading, `'${word[letter]}' in ${word}`) : undefined);
  }
}

function readOperand(reading: Reading, word: string): void {
  const child = reading.rest.length === 0 ? findCommand(reading.command, word) : undefined;
  if (child === undefined) {
    reading.rest.push(word);
    return;
  }
  reading.command = child;
  reading.path.push(child);
  reading.flags.set(child, []);
}

function nextWord(reading: Reading, missing: string): string {
  const value = reading.words[reading.at++];
  if (value === undefined) throw flagError(reading.command, `flag needs an argument: ${missing}`);
  return value;
}

function add(reading: Reading, { flag, owner }: Found, value: string | undefined): void {
  reading.flags.get(owner)!.push(...flagWords(reading.command, flag, value));
}

/** The first word that is no flag and no flag's value: the verb. */
export function findVerb(program: CommandShape, words: readonly string[]): string | undefined {
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--') return undefined;
    if (!word.startsWith('-') || word === '-') return word;
    if (word.includes('=')) continue;
    const name = word.startsWith('--') ? word : word.slice(0, 2);
    const flag = findFlag(program, name)?.flag;
    if (flag?.required === true && (word.startsWith('--') || word.length === 2)) at++;
  }
  return undefined;
}

function findCommand(command: CommandShape, word: string): CommandShape | undefined {
  return command.commands.find((child) => child.name() === word || child.aliases().includes(word));
}

function findFlag(command: CommandShape, name: string): Found | undefined {
  for (let owner: CommandShape | null = command; owner !== null; owner = owner.parent) {
    const flag = owner.options.find((one) => one.long === name || one.short === name);
    if (flag !== undefined) return { flag, owner };
  }
  return undefined;
}

function flagWords(command: CommandShape, flag: FlagShape, value: string | undefined): string[] {
  const name = flag.long ?? flag.short!;
  if (flag.required) return [`${name}=${value}`];
  if (flag.optional) return value === undefined ? [name] : [`${name}=${value}`];
  if (value === undefined) return [name];
  const given = parseBoolean(value);
  if (given === undefined) {
    const both = flag.short === undefined ? name : `${flag.short}, ${name}`;
    throw flagError(command, `invalid argument "${value}" for "${both}" flag: strconv.ParseBool: parsing "${value}": invalid syntax`);
  }
  if (given) return [name];
  const negated = `--no-${name.slice(2)}`;
  return findFlag(command, negated) === undefined ? [] : [negated];
}

/** The words that Go's ParseBool knows. */
export function parseBoolean(text: string): boolean | undefined {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false;
  return undefined;
}

function flagError(command: CommandShape, message: string): UsageError {
  return new UsageError(`${message}\nSee '${commandPath(command)} --help' for usage.`);
}

function commandPath(command: CommandShape): string {
  return command.parent === null ? command.name() : `${commandPath(command.parent)} ${command.name()}`;
}

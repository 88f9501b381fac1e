// Errors as kubectl prints them.
import type { Status, StatusCause } from '../api/generated/types.ts';
import { StatusError } from '../api/status-error.ts';
import { TransportError } from '../client/client.ts';

/** Several failures of one command: each is printed, the exit code is 1. */
export class ManyErrors extends Error {
  override name = 'ManyErrors';
  readonly errors: readonly unknown[];

  constructor(errors: readonly unknown[]) {
    super(`${errors.length} errors`);
    this.errors = errors;
  }
}

/** Throws nothing for no errors, the one for one, else all of them. */
export function throwAll(errors: readonly unknown[]): void {
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new ManyErrors(errors);
}

/** The text for stderr, with its line end. */
export function errorText(error: unknown): string {
  if (error instanceof ManyErrors) return error.errors.map(errorText).join('');
  if (error instanceof StatusError) return `${statusText(error.status)}\n`;
  if (error instanceof TransportError) return `${transportText(error)}\n`;
  const message = error instanceof Error ? error.message : String(error);
  return `${/^error: /.test(message) ? message : `error: ${message}`}\n`;
}

/** The server was there, but a conversation with a container did not begin, or ended too early. */
const CONVERSATION_CODES = ['EUPGRADE', 'ELOST'];

function transportText(error: TransportError): string {
  if (CONVERSATION_CODES.includes(error.code)) return `error: ${error.message}`;
  return error.code === 'ECONNREFUSED'
    ? `The connection to the server was refused - did you specify the right host or port? (${error.message})`
    : `Unable to connect to the server: ${error.message}`;
}

function statusText(status: Status): string {
  const message = status.message ?? '';
  if (status.reason === 'Unauthorized') return `error: You must be logged in to the server (${message})`;
  if (status.reason === 'Invalid') return invalidText(status);
  if (status.reason === undefined || status.reason === '') return `Error from server: ${message}`;
  return `Error from server (${status.reason}): ${message}`;
}

function invalidText({ details, message = '' }: Status): string {
  if (details === undefined) return message === '' ? 'The request is invalid' : `The request is invalid: ${message}`;
  const causes = details.causes ?? [];
  const named = (details.kind ?? '') !== '' || (details.name ?? '') !== '';
  const head = named
    ? `The ${details.kind ?? ''} ${JSON.stringify(details.name ?? '')} is invalid`
    : `The request is invalid${message !== '' && causes.length === 0 ? `: ${message}` : ''}`;
  const lines = [...new Set(causes.map(causeText))];
  if (lines.length === 0) return head;
  return lines.length === 1 ? `${head}: ${lines[0]}` : `${head}: \n${lines.map((line) => `* ${line}`).join('\n')}`;
}

function causeText(cause: StatusCause): string {
  return `${cause.field ?? ''}: ${cause.message ?? ''}`;
}

// Replies: whole values, Status errors, Warning headers.
import { expiredError, internalError, StatusError, unavailableError } from '../api/status-error.ts';
import type { ApiResponse } from '../api/wire.ts';
import { StoreError } from '../store/store.ts';

export const JSON_HEADERS = { 'content-type': 'application/json' } as const;

export function replyValue(value: unknown, status = 200): ApiResponse {
  return { status, headers: JSON_HEADERS, body: { type: 'value', value } };
}

export function replyText(text: string, options: { readonly status?: number; readonly contentType?: string } = {}): ApiResponse {
  const { status = 200, contentType = 'text/plain; charset=utf-8' } = options;
  return { status, headers: { 'content-type': contentType, 'x-content-type-options': 'nosniff' }, body: { type: 'text', text } };
}

export function replyError(error: StatusError): ApiResponse {
  const seconds = error.status.details?.retryAfterSeconds;
  return {
    status: error.code,
    headers: { ...JSON_HEADERS, ...(seconds === undefined ? {} : { 'retry-after': String(seconds) }) },
    body: { type: 'value', value: error.status },
  };
}

/** Adds `Warning: 299 - "text"` headers, each text once. */
export function withWarnings(response: ApiResponse, warnings: readonly string[]): ApiResponse {
  if (warnings.length === 0) return response;
  const lines = [...new Set(warnings)].map((text) => `299 - "${text.replace(/[\r\n]+/g, ' ').replace(/[\\"]/g, '\\$&')}"`);
  return { ...response, headers: { ...response.headers, warning: lines } };
}

/** Any failure as a StatusError: the store's own are told apart, the rest are internal. */
export function toStatusError(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  if (error instanceof StoreError) {
    switch (error.code) {
      case 'Compacted':
        return expiredError('The resourceVersion for the provided list is too old.');
      case 'WriteFailed':
      case 'Closed':
        return unavailableError(error.message);
      default:
        return internalError(error.message, error);
    }
  }
  return internalError(error instanceof Error ? error.message : String(error), error);
}

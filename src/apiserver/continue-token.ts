// pure: the token that carries a chunked list from page to page.
import { badRequestError } from '../api/status-error.ts';

export interface ContinueToken {
  /** The revision all pages are read at; 0: the newest (after the original one was compacted). */
  readonly revision: number;
  /** The last key of the page before. */
  readonly after: string;
}

export function encodeContinue({ revision, after }: ContinueToken): string {
  return toBase64Url(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: after }));
}

export function decodeContinue(text: string): ContinueToken {
  try {
    const { rv, start } = JSON.parse(fromBase64Url(text)) as { rv: unknown; start: unknown };
    if (typeof rv === 'number' && typeof start === 'string') return { revision: rv, after: start };
  } catch {
    // Falls through to the one error below.
  }
  throw badRequestError('continue key is not valid: the token did not come from this server');
}

function toBase64Url(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

function fromBase64Url(text: string): string {
  const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
}

// pure: where cp copies from and to: [[NAMESPACE/]POD:]PATH.
import { UsageError } from '../context.ts';

export type FileSpec =
  | { readonly type: 'local'; readonly path: string }
  | { readonly type: 'remote'; readonly namespace: string | undefined; readonly pod: string; readonly path: string };

/** Throws UsageError in kubectl's words. */
export function parseFileSpec(text: string): FileSpec {
  const colon = text.indexOf(':');
  if (colon === 0) throw formatError();
  if (colon < 0) return { type: 'local', path: text };
  const [head, path] = [text.slice(0, colon), text.slice(colon + 1)];
  const parts = head.split('/');
  if (parts.length > 2) throw formatError();
  return { type: 'remote', namespace: parts.length === 2 ? parts[0]! : undefined, pod: parts.at(-1)!, path };
}

function formatError(): UsageError {
  return new UsageError('filespec must match the canonical format: [[namespace/]pod:]file/path');
}

/** A path in a container as the folder to go to and what to name in it; both are good for tar's -C and its first name. */
export function splitRemote(path: string): { readonly folder: string; readonly name: string } {
  const clean = path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
  if (/(?:^|\/)\.{0,2}$/.test(clean)) return { folder: clean === '' ? '.' : clean, name: '.' };
  const slash = clean.lastIndexOf('/');
  return { folder: slash < 0 ? '.' : slash === 0 ? '/' : clean.slice(0, slash), name: clean.slice(slash + 1) };
}

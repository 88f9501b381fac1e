// pure: the file that an editor is given: comments on top, the object below; and what came back of it.
import type { Status } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import { parseManifests } from '../manifests/parse-manifests.ts';
import { yamlText } from '../printers/yaml.ts';

const HEADER = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

/** `body`: what is edited, without comments of ours. */
export function editText(body: string, failures: readonly string[]): string {
  return `${HEADER}${failures.map((line) => `# ${line}\n`).join('')}${failures.length > 0 ? '#\n' : ''}${body}`;
}

export function bodyOf(object: KubeObject): string {
  const { managedFields: _dropped, ...metadata } = object.metadata ?? {};
  return yamlText({ ...object, metadata });
}

/** Without the comments on top; those further down are the user's own. */
export function withoutHeader(text: string): string {
  return text.replace(/^(?:#.*(?:\n|$))+/, '');
}

export type Edited =
  | { readonly type: 'cancelled'; readonly why: string }
  | { readonly type: 'wrong'; readonly failures: readonly string[] }
  | { readonly type: 'object'; readonly object: KubeObject };

export function readEdited(body: string, before: { readonly body: string; readonly object: KubeObject; readonly failed: boolean }): Edited {
  if (body.trim() === '') return { type: 'cancelled', why: 'Edit cancelled, saved file was empty.' };
  if (body === before.body) {
    return { type: 'cancelled', why: before.failed ? 'Edit cancelled, no valid changes were saved.' : 'Edit cancelled, no changes made.' };
  }
  const { manifests, errors } = parseManifests(body, 'the edited file');
  if (errors.length > 0) return { type: 'wrong', failures: errors.flatMap(({ message }) => message.split('\n')) };
  const [manifest] = manifests;
  if (manifest === undefined || manifests.length > 1) return { type: 'wrong', failures: ['exactly one object is expected'] };
  const same = (['apiVersion', 'kind'] as const).every((field) => manifest.object[field] === before.object[field]);
  if (!same || manifest.object.metadata?.name !== before.object.metadata?.name || manifest.object.metadata?.namespace !== before.object.metadata?.namespace) {
    return { type: 'wrong', failures: ['apiVersion, kind, name and namespace cannot be changed'] };
  }
  return { type: 'object', object: manifest.object };
}

/** What the server has against it, a line each. */
export function failureLines({ message = '', details }: Status): string[] {
  const causes = details?.causes ?? [];
  if (causes.length === 0) return message.split('\n');
  return [`${details?.kind ?? 'the object'} ${JSON.stringify(details?.name ?? '')} was not valid:`, ...causes.map((cause) => `* ${cause.field ?? ''}: ${cause.message ?? ''}`)];
}

// What the flags of get (and of list-like verbs) say, read once.
import type { PrintFlags } from '../printers/object-printer.ts';

export interface GetFlags extends PrintFlags {
  readonly watch?: boolean;
  readonly watchOnly?: boolean;
  readonly outputWatchEvents?: boolean;
  readonly selector?: string;
  readonly fieldSelector?: string;
  readonly allNamespaces?: boolean;
  readonly sortBy?: string;
  readonly showLabels?: boolean;
  readonly labelColumns?: readonly string[];
  /** commander's reading of --no-headers: true unless given. */
  readonly headers?: boolean;
  readonly ignoreNotFound?: boolean;
  readonly showKind?: boolean;
  readonly chunkSize: number;
  readonly subresource?: string;
  readonly raw?: string;
  readonly filename?: readonly string[];
  readonly recursive?: boolean;
  readonly kustomize?: string;
}

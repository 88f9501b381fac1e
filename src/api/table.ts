// pure: server-side tables, meta.k8s.io/v1.

export interface TableColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean' | 'date';
  /** "name" marks the column that names the row. */
  readonly format: string;
  readonly description: string;
  /** 0 is always shown, 1 only with -o wide. */
  readonly priority: number;
}

export interface TableRow {
  readonly cells: readonly (string | number)[];
  readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string; readonly message?: string }[];
  readonly object?: unknown;
}

export interface Table {
  readonly kind: 'Table';
  readonly apiVersion: 'meta.k8s.io/v1';
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string; readonly remainingItemCount?: number };
  readonly columnDefinitions: readonly TableColumn[];
  readonly rows: readonly TableRow[];
}

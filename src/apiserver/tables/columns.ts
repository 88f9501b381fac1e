// pure: a kind's columns: how each is described, and what it shows of an object.
import { ageText } from '../../api/duration-text.ts';
import type { KubeObject } from '../../api/object.ts';
import type { TableColumn, TableRow } from '../../api/table.ts';

export interface Column<T> extends TableColumn {
  readonly cell: (object: T, now: number) => string | number;
}

export interface KindTable<T extends KubeObject> {
  readonly columns: readonly Column<T>[];
  readonly conditions?: (object: T) => TableRow['conditions'];
}

const META = {
  name: 'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically.',
  age: 'CreationTimestamp is a timestamp representing the server time when this object was created.',
};

export function text<T>(name: string, cell: Column<T>['cell'], description = ''): Column<T> {
  return { name, type: 'string', format: '', description, priority: 0, cell };
}

export function count<T>(name: string, cell: Column<T>['cell'], description = ''): Column<T> {
  return { ...text(name, cell, description), type: 'integer' };
}

/** Shown with -o wide only. */
export function wide<T>(column: Column<T>): Column<T> {
  return { ...column, priority: 1 };
}

export const nameColumn: Column<KubeObject> = { ...text('Name', (object: KubeObject) => object.metadata?.name ?? '', META.name), format: 'name' };
export const ageColumn: Column<KubeObject> = text('Age', (object: KubeObject, now) => ageText(object.metadata?.creationTimestamp, now), META.age);

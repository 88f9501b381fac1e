// A test process without the rights of root, where it has them: root may do anything, an ordinary user may not.
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

export function becomeNobody(): void {
  if (isRoot) process.seteuid?.(NOBODY);
}

export function becomeOneselfAgain(): void {
  if (isRoot) process.seteuid?.(0);
}

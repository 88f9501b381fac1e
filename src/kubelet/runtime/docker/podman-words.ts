// pure: where Podman's Docker-compatible socket says the same thing in other words than the Docker Engine.

/** Refusals that Podman gives as failures of its own; the status that the Docker Engine has for them. */
const REFUSALS: readonly (readonly [status: number, message: RegExp, meant: number])[] = [
  [500, /name is already in use|that name is already in use/i, 409],
  [500, /container state improper|can only kill running containers/i, 409],
];

export function statusMeant(status: number, message: string): number {
  return REFUSALS.find(([given, words]) => given === status && words.test(message))?.[2] ?? status;
}

const ACTIONS: Readonly<Record<string, string>> = { died: 'die', remove: 'destroy' };

/** Names of events to ask for besides Docker's. */
export const FURTHER_ACTIONS: readonly string[] = Object.keys(ACTIONS);

export function actionMeant(action: string): string {
  return ACTIONS[action] ?? action;
}

/** The attribute of a "die" that holds the exit code, as the Docker Engine has it, then as Podman has. */
export const EXIT_CODE_ATTRIBUTES = ['exitCode', 'containerExitCode'] as const;

/** Whether these are the words of what starts processes, not of the engine: such a start has surely failed. */
export function isStartError(message: string): boolean {
  return /^(?:runc|crun)[: ]|\bOCI (?:runtime|permission)/.test(message);
}

// What the engine's refusals mean to the port: HTTP statuses become RuntimeError codes, an operation at a time.
import { RuntimeError, type RuntimeErrorCode } from '../container-runtime.ts';
import { EngineRefusal } from './engine-client.ts';

export type StatusCodes = Readonly<Record<number, RuntimeErrorCode>>;

const USUAL_CODES: StatusCodes = { 400: 'Rejected', 403: 'Rejected', 404: 'NotFound', 409: 'Conflict' };

/** Runs a call; its refusals come out as RuntimeErrors, by `codes` first and by the usual meaning else. */
export async function translated<Value>(run: () => Promise<Value>, codes: StatusCodes = {}): Promise<Value> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof EngineRefusal ? asRuntimeError(error, codes) : error;
  }
}

export function asRuntimeError(refusal: EngineRefusal, codes: StatusCodes = {}): RuntimeError {
  const code = codes[refusal.status] ?? USUAL_CODES[refusal.status] ?? 'Failed';
  return new RuntimeError(code, refusal.message, { cause: refusal });
}

/** Runs a call that may find its work already done: the listed statuses give `otherwise`. */
export async function tolerating<Value>(
  statuses: readonly number[],
  otherwise: Value,
  run: () => Promise<Value>,
): Promise<Value> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof EngineRefusal && statuses.includes(error.status)) return otherwise;
    throw error;
  }
}

// pure: which signal a container may ask to be stopped with.
import { forbidden, notSupported, type FieldError } from '../field-errors.ts';
import type { PodSpec } from '../generated/types.ts';

const NAMED = 'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX'.split(' ');
const REAL_TIME = [...Array.from({ length: 15 }, (_, at) => `RTMIN+${at + 1}`), ...Array.from({ length: 14 }, (_, at) => `RTMAX-${at + 1}`)];
const SIGNALS = [...NAMED, ...REAL_TIME].map((name) => `SIG${name}`).sort();

/** kube: signals are a matter of the system, so it has to be named. */
export function validateStopSignal(signal: string | undefined, field: string, { os }: Pick<PodSpec, 'os'>): FieldError[] {
  if (signal === undefined) return [];
  if ((os?.name ?? '') === '') return [forbidden(field, 'may not be set for containers with empty `spec.os.name`')];
  return SIGNALS.includes(signal) ? [] : [notSupported(field, signal, SIGNALS)];
}

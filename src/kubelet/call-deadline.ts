// A limit on how long a call may hang: the caller goes on with an error, and finds out later what became of it.
import type { Clock } from '../base/clock.ts';
import { RuntimeError } from './runtime/container-runtime.ts';

export function within<Value>(clock: Clock, limitMs: number, call: { readonly what: string; readonly run: () => Promise<Value> }): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimer(limitMs, () => reject(new RuntimeError('Unavailable', `the container engine did not answer within ${limitMs / 1_000} s: ${call.what}`)));
    call.run().then(resolve, reject).finally(() => timer.cancel());
  });
}

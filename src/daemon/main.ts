// Entry of the daemon: `minikd` runs it in the foreground, `minikd reset` removes all that a home has made.
import { systemClock } from '../base/clock.ts';
import { createLogger } from '../base/log.ts';
import { StoreError } from '../store/store.ts';
import { startDaemon } from './daemon.ts';
import { StartError } from './home.ts';
import { homePaths } from './paths.ts';
import { resetHome } from './reset.ts';

const paths = homePaths(process.env);
const log = createLogger({
  write: (line) => process.stderr.write(line),
  now: systemClock.now,
  level: process.env['MINIK_LOG_LEVEL'] === 'debug' ? 'debug' : 'info',
});

try {
  if (process.argv[2] === 'reset') await resetHome({ paths, env: process.env, clock: systemClock, log });
  else await run();
} catch (error) {
  fail(error);
}

async function run(): Promise<void> {
  const daemon = await startDaemon({ paths, env: process.env, clock: systemClock, log });
  // Timers and informers hold nothing open by themselves: the listeners do, until a signal closes them.
  const stop = (signal: string): void => {
    log.info('stopping', { signal });
    daemon.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // A defect in one loop must not end what the others do.
  process.on('unhandledRejection', (error) => log.error('a rejection was not handled', { error }));
  process.on('uncaughtException', (error) => log.error('an exception was not caught', { error }));
}

function fail(error: unknown): never {
  const expected = error instanceof StartError || error instanceof StoreError;
  if (expected) process.stderr.write(`minik: ${error.message}\n`);
  else log.error('the daemon failed', { error });
  process.exit(1);
}

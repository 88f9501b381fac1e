// minik start: starts the daemon and waits until it is ready.
import type { RegisterVerb } from '../context.ts';
import { readDaemonStatus } from '../lifecycle/daemon-status.ts';
import { isReady, startDaemon } from '../daemon-process.ts';

export const registerStart: RegisterVerb = (program, launch) => {
  const command = program.command('start').summary('start the daemon').description('Starts the daemon of $MINIK_HOME and waits until it is ready. Does nothing when it runs.');
  command.action(() =>
    launch(command, async ({ home, env, out }) => {
      const running = await isReady(home);
      if (!running) await startDaemon(home, env);
      const { endpoint, pid } = await readDaemonStatus(home);
      await out.write(`minik ${running ? 'is running' : 'started'} (pid ${pid}): ${endpoint}\n`);
    }),
  );
};

// minik stop: ends the daemon; containers run on and are taken up again by the next start.
import type { RegisterVerb } from '../context.ts';
import { stopDaemon } from '../lifecycle/stop-daemon.ts';

export const registerStop: RegisterVerb = (program, launch) => {
  const command = program.command('stop').summary('stop the daemon').description('Stops the daemon of $MINIK_HOME. Containers run on; the next start takes them up again.');
  command.action(() =>
    launch(command, async ({ home, out }) => {
      const pid = await stopDaemon(home);
      await out.write(pid === undefined ? 'minik is not running\n' : `minik stopped (pid ${pid})\n`);
    }),
  );
};

// minik daemon: runs the daemon in the foreground, its log on stderr.
import { spawn } from 'node:child_process';
import type { RegisterVerb } from '../context.ts';
import { daemonCommand, makeHome } from '../daemon-process.ts';

export const registerDaemon: RegisterVerb = (program, launch) => {
  const command = program.command('daemon').summary('run the daemon in the foreground').description('Runs the daemon of $MINIK_HOME in the foreground until Ctrl-C; its log goes to stderr.');
  command.action(() =>
    launch(command, async ({ home, env }) => {
      await makeHome(home);
      const { program, args } = daemonCommand();
      const child = spawn(program, args, { stdio: 'inherit', env: { ...env, MINIK_HOME: home } });
      // A terminal sends Ctrl-C to both; a TERM that reaches only this process is handed on.
      const handOn = (): void => void child.kill('SIGTERM');
      process.once('SIGTERM', handOn);
      const code = await new Promise<number>((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', (status) => resolve(status ?? 1));
      });
      process.off('SIGTERM', handOn);
      return code;
    }),
  );
};

// minik daemon-logs: what the daemon wrote to its log.
import { open } from 'node:fs/promises';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { logPath } from '../daemon-process.ts';

const LOOK_EVERY_MS = 200;

export const registerDaemonLogs: RegisterVerb = (program, launch) => {
  const command = program
    .command('daemon-logs')
    .summary("show the daemon's own log")
    .description("Shows the log of this home's daemon, one JSON object a line.")
    .option('-f, --follow', 'go on as it grows')
    .option('--tail <lines>', 'only the last lines');
  command.action((flags: { readonly follow?: boolean; readonly tail?: string }) => launch(command, (context) => show(context, flags)));
};

async function show(context: CliContext, flags: { readonly follow?: boolean; readonly tail?: string }): Promise<void> {
  const { home, out, signal } = context;
  const file = await open(logPath(home)).catch(() => undefined);
  if (file === undefined) throw new UsageError(`there is no log in ${home}: the daemon was never started`);
  try {
    const text = await file.readFile('utf8');
    await out.write(lastLines(text, flags.tail));
    let position = Buffer.byteLength(text);
    while (flags.follow === true && !signal.aborted) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(65_536), 0, 65_536, position);
      position += bytesRead;
      if (bytesRead > 0) await out.write(buffer.subarray(0, bytesRead));
      else await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  } finally {
    await file.close();
  }
}

function lastLines(text: string, tail: string | undefined): string {
  if (tail === undefined) return text;
  if (!/^\d+$/.test(tail)) throw new UsageError(`--tail must be a number of lines, not "${tail}"`);
  const lines = text.trimEnd().split('\n');
  return Number(tail) === 0 ? '' : `${lines.slice(-Number(tail)).join('\n')}\n`;
}

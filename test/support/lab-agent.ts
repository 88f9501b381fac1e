// A program in a network namespace of the lab: serves under its name, and asks others for theirs. Commands and answers are lines of JSON.
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';

export interface Serve {
  readonly do: 'serve';
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
  readonly host?: string;
}

export interface Ask {
  readonly do: 'ask';
  readonly protocol: 'TCP' | 'UDP';
  readonly ip: string;
  readonly port: number;
  readonly times: number;
  /** Of UDP: every question from this port, as one flow. */
  readonly fromPort?: number;
  readonly waitMs?: number;
}

/** "name 10.200.0.3": who answered, and what address he saw; or "refused", "silent", or the code of an error. */
export type Answer = string;

const [name = ''] = process.argv.slice(2);
const WAIT_MS = 1_000;
const AT_ONCE = 50;

for await (const line of createInterface({ input: process.stdin })) {
  const { id, ...command } = JSON.parse(line) as { readonly id: number } & (Serve | Ask);
  const answer = command.do === 'serve' ? serve(command) : ask(command);
  answer.then((value) => process.stdout.write(`${JSON.stringify({ id, value })}\n`));
}
process.exit(0);

function serve({ protocol, port, host = '0.0.0.0' }: Serve): Promise<string> {
  if (protocol === 'TCP') {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.end(`${name} ${socket.remoteAddress}`);
    });
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => resolve('serves'));
    });
  }
  const socket = createSocket('udp4', (_message, from) => socket.send(`${name} ${from.address}`, from.port, from.address));
  return new Promise((resolve) => socket.bind(port, host, () => resolve('serves')));
}

async function ask(question: Ask): Promise<Answer[]> {
  if (question.protocol === 'UDP') return askOverUdp(question);
  const answers: Answer[] = [];
  while (answers.length < question.times) {
    const batch = Math.min(AT_ONCE, question.times - answers.length);
    answers.push(...(await Promise.all(Array.from({ length: batch }, () => askOverTcp(question)))));
  }
  return answers;
}

function askOverTcp({ ip, port, waitMs = WAIT_MS }: Ask): Promise<Answer> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect({ host: ip, port });
    socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED' ? 'refused' : (error.code ?? 'error')));
    socket.once('close', () => resolve(heard === '' ? 'silent' : heard));
    socket.setTimeout(waitMs, () => {
      resolve('silent');
      socket.destroy();
    });
  });
}

async function askOverUdp({ ip, port, times, fromPort = 0, waitMs = WAIT_MS }: Ask): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let at = 0; at < times; at += 1) {
    const socket = createSocket('udp4');
    answers.push(
      await new Promise<Answer>((resolve) => {
        const timer = setTimeout(() => resolve('silent'), waitMs);
        const settle = (answer: Answer): void => {
          clearTimeout(timer);
          resolve(answer);
        };
        socket.once('message', (message) => settle(String(message)));
        socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code === 'ECONNREFUSED' ? 'refused' : (error.code ?? 'error')));
        // Connected: only so is a refusal told.
        socket.bind(fromPort, () => socket.connect(port, ip, () => socket.send('who?')));
      }),
    );
    await new Promise<void>((resolve) => socket.close(resolve));
  }
  return answers;
}

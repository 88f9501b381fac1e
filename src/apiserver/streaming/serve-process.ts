// Joins a process and the caller at the other end of a connection, until one of them ends.
import type { OpenProcess, PodProcess } from '../../api/pod/pod-streams.ts';
import { toStatusError } from '../reply.ts';
import { processStatus } from './process-status.ts';
import type { RemoteEnd } from './remote-end.ts';

/** Never rejects: what goes wrong is told to the caller. */
export async function serveProcess(remote: RemoteEnd, open: OpenProcess): Promise<void> {
  let process: PodProcess | undefined;
  try {
    const opened = (process = await open());
    // A process that reads nothing keeps its writer waiting: the caller may have gone meanwhile.
    void remote.gone.then(() => opened.close());
    const fed = feed(process, remote).catch(() => {});
    for await (const { stream, bytes } of process.output) await remote.write(stream, bytes);
    await remote.finish(processStatus(await process.end));
    await fed;
  } catch (error) {
    await remote.finish(toStatusError(error).status);
  } finally {
    process?.close();
  }
}

async function feed(process: PodProcess, { input }: RemoteEnd): Promise<void> {
  for await (const message of input) {
    switch (message.type) {
      case 'input':
        await process.write(message.bytes);
        break;
      case 'input-ended':
        process.endInput();
        break;
      case 'resize':
        // A terminal of the wrong size is no reason to end what runs in it.
        await process.resize(message.size).catch(() => {});
    }
  }
  // Nobody is there any more: the process goes on, without its reader.
  process.close();
}

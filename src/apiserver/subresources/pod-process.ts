// GET and POST pods/NAME/exec and attach: the request's parameters, handed to whoever has the containers.
import type { Pod } from '../../api/generated/types.ts';
import { NotRunningError, type ContainerChoice, type OpenProcess, type PodStreams, type WantedStreams } from '../../api/pod/pod-streams.ts';
import { badRequestError, notFoundError } from '../../api/status-error.ts';
import type { Call, Verb } from '../call.ts';
import { replyText } from '../reply.ts';
import { decodeEntry, storageKey } from '../stored-object.ts';

export function execVerb(streams: PodStreams): Verb {
  return processVerb(async (choice, { wanted, query }) => {
    const command = query.getAll('command');
    if (command.length === 0) throw badRequestError('you must specify at least one command for the container');
    return streams.exec({ ...choice, command, wanted });
  });
}

export function attachVerb(streams: PodStreams): Verb {
  return processVerb((choice, { wanted }) => streams.attach({ ...choice, wanted }));
}

interface Asked {
  readonly wanted: WantedStreams;
  readonly query: URLSearchParams;
}

function processVerb(find: (choice: ContainerChoice, asked: Asked) => Promise<OpenProcess>): Verb {
  return async (call) => {
    const { query } = call.request;
    const wanted = wantedStreams(query);
    try {
      const open = await find({ pod: await podOf(call), container: query.get('container') ?? '' }, { wanted, query });
      return { status: 101, headers: {}, body: { type: 'upgrade', to: { type: 'process', open, wanted } } };
    } catch (error) {
      if (error instanceof NotRunningError) return replyText(error.message, { status: 500 });
      throw error;
    }
  };
}

export async function podOf(call: Call): Promise<Pod> {
  const entry = await call.server.store.get(storageKey(call.resource, call.namespace, call.name));
  if (entry === undefined) throw notFoundError(call.resource, call.name);
  const pod = decodeEntry(call.resource, entry) as Pod;
  if ((pod.spec?.nodeName ?? '') === '') throw badRequestError(`pod ${call.name} does not have a host assigned`);
  return pod;
}

function wantedStreams(query: URLSearchParams): WantedStreams {
  const [stdin, stdout, stderr, tty] = ['stdin', 'stdout', 'stderr', 'tty'].map((name) => isSet(query.get(name))) as [boolean, boolean, boolean, boolean];
  if (!stdin && !stdout && !stderr) throw badRequestError('you must specify at least 1 of stdin, stdout, stderr');
  return { stdin, stdout, stderr: stderr && !tty, tty };
}

/** kube: anything but "0" and "false" is true, the empty text too. */
function isSet(text: string | null): boolean {
  return text !== null && text !== '0' && text.toLowerCase() !== 'false';
}

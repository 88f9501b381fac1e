// GET and POST pods/NAME/portforward: the ports are named by the request, or later by each connection.
import { NotRunningError, type PodStreams } from '../../api/pod/pod-streams.ts';
import { badRequestError } from '../../api/status-error.ts';
import type { Verb } from '../call.ts';
import { replyText } from '../reply.ts';
import { podOf } from './pod-process.ts';

export function portForwardVerb(streams: PodStreams): Verb {
  return async (call) => {
    const ports = call.request.query.getAll('ports').flatMap((text) => text.split(',')).map(parsePort);
    const pod = await podOf(call);
    try {
      const open = await streams.portForward({ pod });
      return { status: 101, headers: {}, body: { type: 'upgrade', to: { type: 'ports', open, pod: call.name, ports } } };
    } catch (error) {
      if (error instanceof NotRunningError) return replyText(error.message, { status: 500 });
      throw error;
    }
  };
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw badRequestError(`unable to parse "${text}" as a port`);
  if (port < 1) throw badRequestError(`port "${text}" must be > 0`);
  return port;
}

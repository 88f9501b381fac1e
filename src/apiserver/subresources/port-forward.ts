// GET and POST pods/NAME/portforward: the ports are named by each connection, later.
import { NotRunningError, type PodStreams } from '../../api/pod/pod-streams.ts';
import type { Verb } from '../call.ts';
import { replyText } from '../reply.ts';
import { podOf } from './pod-process.ts';

export function portForwardVerb(streams: PodStreams): Verb {
  return async (call) => {
    const pod = await podOf(call);
    try {
      const open = await streams.portForward({ pod });
      return { status: 101, headers: {}, body: { type: 'upgrade', to: { type: 'ports', open, pod: call.name } } };
    } catch (error) {
      if (error instanceof NotRunningError) return replyText(error.message, { status: 500 });
      throw error;
    }
  };
}

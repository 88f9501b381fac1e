// Reading reply bodies, whichever transport brought them.
import type { ResponseBody, WatchEvent } from '../api/wire.ts';
import { TransportError } from './client.ts';

/** The JSON value of a whole reply; text that is not JSON comes back as the string it is. */
export async function readValue(body: ResponseBody): Promise<unknown> {
  if (body.type === 'value') return body.value;
  const text = await readText(body);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export async function readText(body: ResponseBody): Promise<string> {
  switch (body.type) {
    case 'value':
      return JSON.stringify(body.value);
    case 'text':
      return body.text;
    case 'events': {
      let text = '';
      for await (const event of body.events) text += `${JSON.stringify(event)}\n`;
      return text;
    }
    case 'stream': {
      const chunks: Uint8Array[] = [];
      for await (const chunk of body.chunks) chunks.push(chunk);
      return Buffer.concat(chunks).toString('utf8');
    }
    case 'upgrade':
      throw new TransportError('the server hands over the connection: this is no request with a reply', 'EUPGRADE');
  }
}

/** The body as bytes, as they come: followed logs. */
export async function* readChunks(body: ResponseBody): AsyncGenerator<Uint8Array> {
  if (body.type === 'stream') yield* body.chunks;
  else yield Buffer.from(await readText(body));
}

/** The events of a watch reply: values in process, one JSON text a line on a socket. */
export async function* watchEvents(body: ResponseBody): AsyncGenerator<WatchEvent> {
  if (body.type === 'events') return yield* body.events;
  const decoder = new TextDecoder();
  let pending = '';
  for await (const chunk of readChunks(body)) {
    pending += decoder.decode(chunk, { stream: true });
    const lines = pending.split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as WatchEvent;
  }
}

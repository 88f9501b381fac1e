// The client without a socket: hands requests straight to the API's handler, as one of its users.
import type { ApiHandler } from '../api/wire.ts';
import type { Client } from './client.ts';
import { createRestClient } from './rest-client.ts';

export function createInProcessClient(handle: ApiHandler, options: { readonly user: string }): Client {
  return createRestClient({
    userAgent: options.user,
    transport: (request) => handle({ ...request, user: options.user }),
  });
}

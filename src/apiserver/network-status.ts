// GET /minik/v1/network: what works of the network on this host: minik's own, beside the Kubernetes API.
import type { NetworkStatusSource } from '../api/network/network-status.ts';
import { unknownPathError } from '../api/status-error.ts';
import type { ApiRequest, ApiResponse } from '../api/wire.ts';
import { replyValue } from './reply.ts';

export const NETWORK_STATUS_PATH = '/minik/v1/network';

export async function serveNetworkStatus({ method }: ApiRequest, source: NetworkStatusSource): Promise<ApiResponse> {
  if (method !== 'GET') throw unknownPathError();
  return replyValue({ items: source.capabilities() });
}

// healthCheckNodePort: 200 while this node has endpoints of the Service, 503 while it has none, as upstream's proxies answer.
import { createServer } from 'node:http';
import type { HealthCheck } from '../../forwarding/forwarding-table.ts';
import type { Listener } from './listener.ts';

export function openHealthCheck(address: string, current: () => HealthCheck): Promise<Listener> {
  const server = createServer((_request, response) => {
    const { namespace, service, localEndpoints } = current();
    response.writeHead(localEndpoints > 0 ? 200 : 503, {
      'Content-Type': 'application/json',
      'X-Content-Type-Options': 'nosniff',
      'X-Load-Balancing-Endpoint-Weight': String(localEndpoints),
      Connection: 'close',
    });
    response.end(`${JSON.stringify({ service: { namespace, name: service }, localEndpoints, serviceProxyHealthy: true }, null, '\t')}\n`);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address, port: current().port }, () => {
      server.off('error', reject);
      resolve({ close: () => void server.close(), refresh: () => undefined });
    });
  });
}

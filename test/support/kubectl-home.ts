// The real kubectl and minik side by side over one API in process: for holding the texts of one to those of the other.
import { execFile } from 'node:child_process';
import net from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCliHome, type CliHome, type CliResult } from './cli-home.ts';
import { kubectlPath } from './kubernetes-tools.ts';

export interface KubectlHome extends CliHome {
  kubectl(words: readonly string[], stdin?: string): Promise<CliResult>;
}

export async function startKubectlHome(options: Parameters<typeof startCliHome>[0] = {}): Promise<KubectlHome> {
  const home = await startCliHome(options);
  const door = net.createServer((from) => joinSockets(from, net.connect(join(home.directory, 'minik.sock'))));
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const kubeconfig = join(home.directory, 'kubectl-config');
  writeFileSync(kubeconfig, kubeconfigOf((door.address() as net.AddressInfo).port));
  return {
    ...home,
    kubectl: (words, stdin = '') =>
      new Promise((resolve) => {
        const child = execFile(kubectlPath(), [...words], { env: { HOME: home.directory, KUBECONFIG: kubeconfig } }, (error, out, err) => {
          resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1, out, err });
        });
        child.stdin!.end(stdin);
      }),
    async close() {
      const closed = new Promise((resolve) => door.close(resolve));
      await home.close();
      await closed;
    },
  };
}

/** A door on TCP for a client that speaks no unix sockets. */
export function joinSockets(from: net.Socket, to: net.Socket): void {
  from.pipe(to).pipe(from);
  from.on('error', () => to.destroy());
  to.on('error', () => from.destroy());
}

export function kubeconfigOf(port: number): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'a', cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: 'a', user: {} }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    'current-context': 'a',
  });
}

// Visits to an HTTP server, each over a connection of its own: what a browser that comes anew would see.
import { get } from 'node:http';

/** The page; rejects with the connection's error, or when nobody answers in time. */
export function visit(url: string, { timeoutMs = 5_000 } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, timeout: timeoutMs }, (response) => {
      let text = '';
      response.on('data', (data: Buffer) => (text += data.toString()));
      response.on('end', () => resolve(text.trim()));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', reject);
  });
}

export async function visits(url: string, count: number): Promise<ReadonlyMap<string, number>> {
  const pages = new Map<string, number>();
  for (let turn = 0; turn < count; turn += 1) {
    const page = await visit(url);
    pages.set(page, (pages.get(page) ?? 0) + 1);
  }
  return pages;
}

/** How far counts are from even; with n - 1 degrees of freedom. */
export function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

export interface Load {
  /** Ends it; what went wrong, by message, and how many visits there were. */
  stop(): Promise<{ readonly visits: number; readonly failures: readonly string[] }>;
}

/** Visitors that come again and again, `visitors` at a time. */
export function load(url: string, visitors: number): Load {
  let goesOn = true;
  let count = 0;
  const failures: string[] = [];
  const visitor = async (): Promise<void> => {
    while (goesOn) {
      count += 1;
      await visit(url).catch((error: Error) => failures.push(error.message));
    }
  };
  const all = Array.from({ length: visitors }, visitor);
  return {
    async stop() {
      goesOn = false;
      await Promise.all(all);
      return { visits: count, failures };
    },
  };
}

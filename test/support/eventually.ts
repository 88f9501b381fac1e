// Waits for something that comes by itself; fails with what it last saw. It never decides how fast that must be.

/** Calls `probe` until it gives a value. */
export async function eventually<T>(what: string, probe: () => Promise<T | undefined | false>, { timeoutMs = 30_000 } = {}): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

// How a benchmark measures: alternating rounds, medians, one JSON line a row.

export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: 's' | 'ms' | 'MB';
  /** What the value is held against: a program measured in the same run, or the budget. */
  readonly peer: string;
  readonly peerValue: number;
  /** value / peerValue: below 1 is better than the peer. */
  readonly ratio: number;
}

export type Measured = Omit<Row, 'ratio'>;

export function printRow(measured: Measured): void {
  const { value, peerValue, ...rest } = measured;
  const row: Row = { ...rest, value: round(value), peerValue: round(peerValue), ratio: round(value / peerValue) };
  const { name, unit, peer, ratio } = row;
  console.log(JSON.stringify({ name, value: row.value, unit, peer, peerValue: row.peerValue, ratio }));
}

/** Milliseconds. */
export async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Medians of two kinds of work done in turn, so that whatever else the machine does falls on both. */
export async function alternate(
  rounds: number,
  own: () => Promise<number>,
  peer: () => Promise<number>,
): Promise<{ readonly value: number; readonly peerValue: number }> {
  const values: number[] = [];
  const peerValues: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const ownFirst = round % 2 === 0;
    if (ownFirst) values.push(await own());
    peerValues.push(await peer());
    if (!ownFirst) values.push(await own());
  }
  return { value: median(values), peerValue: median(peerValues) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = sorted.length % 2 === 0 ? sorted.slice(middle - 1, middle + 1) : [sorted[middle], sorted[middle]];
  return (low + high) / 2;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

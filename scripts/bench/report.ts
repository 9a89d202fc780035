/** One JSON line of a benchmark; `peer` is the same figure of the thing it is held against. */
export function report(bench: string, metric: string, value: number, unit: string, peer?: number): void {
  const line = {
    bench,
    metric,
    value: rounded(value),
    unit,
    ...(peer === undefined ? {} : { peer: rounded(peer) }),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** A line for what a machine cannot measure. */
export function leftOut(bench: string, metric: string, why: string): void {
  process.stdout.write(`${JSON.stringify({ bench, metric, leftOut: why })}\n`);
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Milliseconds of the machine's monotonic clock: the same for every process on it, so that their records can be compared. */
export const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

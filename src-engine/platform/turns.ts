/** Tasks that run one after another; one that fails hinders none of the next. */
export interface Turns {
  /** Runs the task when those before it have ended; its own result or failure. */
  inTurn<T>(task: () => Promise<T>): Promise<T>;
  /** Resolves when all that was given so far has ended. Never rejects. */
  settled(): Promise<void>;
}

export function createTurns(): Turns {
  let tail: Promise<unknown> = Promise.resolve();
  return {
    inTurn(task) {
      const result = tail.then(task);
      tail = result.catch(() => undefined);
      return result;
    },
    settled: () => tail.then(() => undefined),
  };
}

// How the scripts speak: one line a step, one sentence when a step cannot be done.

const began = performance.now();

/** Seconds since `from` (a performance.now()), as text such as "3.2 s". */
export const secondsSince = (from = began) => `${((performance.now() - from) / 1000).toFixed(1)} s`;

export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** A step that cannot be done. Its message is one sentence that says what to do. */
export class CannotGoOn extends Error {}

/** Runs a script's body; a CannotGoOn becomes its sentence and exit 1. */
export async function runScript(body) {
  try {
    const exitCode = await body();
    if (typeof exitCode === 'number') process.exitCode = exitCode;
  } catch (error) {
    process.stderr.write(`${error instanceof CannotGoOn ? error.message : (error?.stack ?? error)}\n`);
    process.exitCode = 1;
  }
}

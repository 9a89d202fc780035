import { createInterface } from 'node:readline/promises';

/**
 * Asks a yes-or-no question; anything but yes is no, and so is the lack of a terminal.
 *
 * @param until takes the question back: then it is no, too
 */
export async function ask(question: string, until?: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // readline keeps Ctrl-C for itself and then never answers: the process shall hear of it.
  lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  const typed = lines
    .question(`${question} [y/N] `, until === undefined ? {} : { signal: until })
    .catch(() => '');
  const answer = await Promise.race([typed, closed]);
  lines.close();
  return /^(y|yes|예|네)$/i.test(answer.trim());
}

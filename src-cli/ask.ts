import { createInterface } from 'node:readline/promises';

/** Asks a yes-or-no question; anything but yes is no, and so is the lack of a terminal. */
export async function ask(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await lines.question(`${question} [y/N] `);
  lines.close();
  return /^(y|yes|예|네)$/i.test(answer.trim());
}

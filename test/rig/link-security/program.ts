import { runCases } from './cases.ts';
import { flood, measureFlood } from './flood.ts';

/** Run by plain Node and by Electron's own: prints a JSON report, a line. */
const [, program = '', what, port, round] = process.argv;

if (what === 'flood') {
  await flood(Number(port), Number(round));
  process.exit(0);
}
const { node, openssl, electron } = process.versions;
const cases = await runCases();
const flooded = await measureFlood(program);
process.stdout.write(
  `${JSON.stringify({ runtime: { node, openssl, electron: electron ?? null }, cases, flooded })}\n`,
);
process.exit(0);

import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { destination, pino, type Logger } from 'pino';

export type { Logger } from 'pino';

const levels = ['error', 'warn', 'info', 'debug'] as const;
/** A log that has grown past this is set aside once, when it is opened. */
const ROTATE_BYTES = 4 * 1024 * 1024;

/** A logger with a file of its own: `logs/TOPIC.log`, JSON lines, 0600. */
export function openLog(folder: string, topic: string, env: NodeJS.ProcessEnv = process.env): Logger {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${topic}.log`);
  if (existsSync(file) && statSync(file).size > ROTATE_BYTES) renameSync(file, `${file}.1`);
  const wanted = env['TANDEM_LOG'] ?? '';
  const level = (levels as readonly string[]).includes(wanted) ? wanted : 'info';
  const out = destination({ dest: file, mode: 0o600, sync: true });
  // A full disk must not end the engine: what cannot be logged is lost, and the doctor says why.
  out.on('error', () => undefined);
  return pino({ level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, out);
}

/** A logger that says nothing; for tests and one-shot verbs. */
export const silentLog: Logger = pino({ level: 'silent' });

import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { destination, pino, type Logger } from 'pino';

export type { Logger } from 'pino';

const levels = ['error', 'warn', 'info', 'debug'] as const;
/** A log that has grown past this is set aside as TOPIC.log.1; one such is kept. */
const ROTATE_BYTES = 4 * 1024 * 1024;

/** A logger with a file of its own: `logs/TOPIC.log`, JSON lines, 0600. */
export function openLog(
  folder: string,
  topic: string,
  env: NodeJS.ProcessEnv = process.env,
  rotateBytes = ROTATE_BYTES,
): Logger {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const wanted = env['TANDEM_LOG'] ?? '';
  const level = (levels as readonly string[]).includes(wanted) ? wanted : 'info';
  const out = rotatingFile(join(folder, `${topic}.log`), rotateBytes);
  return pino({ level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, out);
}

function rotatingFile(file: string, rotateBytes: number) {
  let writtenBytes = existsSync(file) ? statSync(file).size : 0;
  if (writtenBytes > rotateBytes) writtenBytes = setAside(file);
  const out = destination({ dest: file, mode: 0o600, sync: true });
  // A full disk must not end the engine: what cannot be logged is lost, and the doctor says why.
  out.on('error', () => undefined);
  out.on('write', (bytes: number) => {
    writtenBytes += bytes;
    if (writtenBytes <= rotateBytes) return;
    // An engine runs for weeks. Not inside the write, which still has its hands on the file.
    writtenBytes = 0;
    setImmediate(() => {
      try {
        setAside(file);
        out.reopen();
      } catch {
        // A folder that is gone or a full disk: the log goes on where it is, or is lost, as above.
      }
    });
  });
  return out;
}

function setAside(file: string): 0 {
  renameSync(file, `${file}.1`);
  return 0;
}

/** A logger that says nothing; for tests and one-shot verbs. */
export const silentLog: Logger = pino({ level: 'silent' });

import { appendFile, chmod, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LinkState } from '../../../src-shared/world/peer.ts';
import type { Disposable, Scheduler } from '../../platform/clock.ts';
import { makePrivateFolder } from '../../platform/files.ts';
import { OWN_PAUSE_MS, type DetectorInput } from './detector.ts';
import { phaseLine, traceLine, pauseLine } from './trace-lines.ts';

/** A recording of what the detector was fed, to be played again by `replayTrace`. */
export interface Trace extends Disposable {
  /** The file that is written now; the one before has `.1` behind its name. */
  readonly path: string;
  record(input: DetectorInput, phase: LinkState): void;
  /** Resolves when all that was recorded is on disk. */
  flush(): Promise<void>;
}

const FILE_BYTES = 4 * 1024 * 1024;
const FLUSH_MS = 5000;

/** Records to two files of 4 MiB, in turn: about a day of heartbeats. A disk that is full loses lines, nothing else. */
export function createTrace(
  folder: string,
  scheduler: Scheduler,
  { fileBytes = FILE_BYTES }: { readonly fileBytes?: number } = {},
): Trace {
  const path = join(folder, 'heartbeats.jsonl');
  let waiting: string[] = [];
  let tickedAtMs: number | null = null;
  let lastPhase: LinkState | null = null;
  let sessionUp = false;
  let sessionHead = '';
  let lastAtMs = 0;
  let writing: Promise<void> = makePrivateFolder(folder).catch(() => undefined);
  const flush = (): Promise<void> => {
    const text = waiting.join('');
    // Each file can be played by itself: it says first whether a session stood.
    const head = sessionHead;
    sessionHead = sessionUp ? (traceLine({ kind: 'session', atMs: lastAtMs, up: true }) ?? '') : '';
    waiting = [];
    if (text !== '')
      writing = writing.then(() => write(path, { head, text }, fileBytes)).catch(() => undefined);
    return writing;
  };
  const timer = scheduler.every(FLUSH_MS, () => void flush());
  return {
    path,
    record(input, phase) {
      const gapMs = input.kind === 'tick' && tickedAtMs !== null ? input.atMs - tickedAtMs : 0;
      if (input.kind === 'tick') tickedAtMs = input.atMs;
      if (lastPhase === null && (phase === 'up' || phase === 'suspect')) {
        sessionUp = true;
        sessionHead = traceLine({ kind: 'session', atMs: input.atMs, up: true }) ?? '';
      }
      if (input.kind === 'session') sessionUp = input.up;
      lastAtMs = input.atMs;
      if (gapMs > OWN_PAUSE_MS) waiting.push(pauseLine(input.atMs, gapMs));
      const line = traceLine(input);
      if (line !== null) waiting.push(line);
      if (phase !== lastPhase) waiting.push(phaseLine(input.atMs, phase));
      lastPhase = phase;
    },
    flush,
    dispose() {
      timer.dispose();
      void flush();
    },
  };
}

async function write(
  path: string,
  { head, text }: { head: string; text: string },
  fileBytes: number,
): Promise<void> {
  const bytes = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  const full = bytes > 0 && bytes + Buffer.byteLength(text) > fileBytes;
  if (full) await rename(path, `${path}.1`);
  const fresh = full || bytes === 0;
  await appendFile(path, fresh ? head + text : text, { mode: 0o600 });
  if (fresh) await chmod(path, 0o600);
}

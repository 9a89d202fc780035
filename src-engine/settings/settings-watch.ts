import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Disposable } from '../platform/clock.ts';
import type { Platform } from '../platform/platform.ts';

/** An editor writes in several steps; the file is read once they are over. */
const SETTLE_MS = 100;

/** Watches the folder, not the file: editors and our own writes replace the file by a rename. */
export function watchForEdits(platform: Platform, reload: () => Promise<void>): Disposable {
  let due: Disposable | null = null;
  const log = platform.log('engine');
  const watcher = watch(dirname(platform.home.settings), { persistent: false }, (_event, name) => {
    if (name !== basename(platform.home.settings)) return;
    due?.dispose();
    due = platform.scheduler.after(
      SETTLE_MS,
      () =>
        void reload().catch((error: unknown) => log.warn({ error: String(error) }, 'settings not reloaded')),
    );
  });
  watcher.on('error', (error) => log.warn({ error: error.message }, 'settings are no longer watched'));
  return {
    dispose: () => {
      due?.dispose();
      watcher.close();
    },
  };
}

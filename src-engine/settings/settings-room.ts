import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Handlers, Caller } from '../../src-shared/commands/registry.ts';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import { restartKeys, settingAt, settingKeys, type Settings } from '../../src-shared/settings.ts';
import type { Role } from '../../src-shared/world/world.ts';
import type { Platform } from '../platform/platform.ts';
import { changed, loadSettings, saveSettings } from './settings-file.ts';

export interface SettingsRoom {
  get(): Settings;
  /** Calls back after each change, by a verb or by an editor. */
  subscribe(listener: (settings: Settings) => void): void;
  /** The name under which an unreadable engine.json was set aside at the start; null when it was fine. */
  readonly setAside: string | null;
  readonly handlers: Pick<Handlers<Caller>, 'settings.get' | 'settings.set'>;
  dispose(): void;
}

const SETTLE_MS = 100;

export interface SettingsOptions {
  /** Follow edits of the file; not worth it for a one-shot. */
  readonly watch: boolean;
  /** Holds for this run only and is never written. */
  readonly role?: Role | undefined;
}

export async function openSettings(platform: Platform, options: SettingsOptions): Promise<SettingsRoom> {
  const file = platform.home.settings;
  const loaded = await loadSettings(file, () => platform.clock.wall());
  let settings = loaded.settings;
  const listeners = new Set<(settings: Settings) => void>();
  const effective = (): Settings =>
    options.role === undefined ? settings : { ...settings, role: options.role };
  const adopt = (next: Settings): void => {
    if (isDeepStrictEqual(settings, next)) return;
    settings = next;
    for (const listener of listeners) listener(effective());
  };
  const watcher = options.watch
    ? watchForEdits(platform, async () =>
        adopt((await loadSettings(file, () => platform.clock.wall())).settings),
      )
    : null;
  let writing: Promise<unknown> = Promise.resolve();
  async function set(
    key: string,
    value: unknown,
  ): Promise<Result<{ key: string; value: unknown; needsRestart: boolean }>> {
    const next = changed(settings, key, value);
    if (!next.ok) return next;
    await saveSettings(file, next.value);
    adopt(next.value);
    return ok({ key, value: settingAt(next.value, key), needsRestart: restartKeys.includes(key) });
  }
  return {
    get: effective,
    subscribe: (listener) => void listeners.add(listener),
    setAside: loaded.setAside,
    handlers: {
      'settings.get': async ({ key }) => get(effective(), key),
      // One after the other: two writers at once would lose one of the values.
      'settings.set': async ({ key, value }) => {
        const result = writing.then(() => set(key, value));
        writing = result.catch(() => undefined);
        return result;
      },
    },
    dispose: () => watcher?.close(),
  };
}

async function get(settings: Settings, key: string | undefined): Promise<Result<{ value: unknown }>> {
  if (key === undefined) return ok({ value: settings });
  const value = settingAt(settings, key);
  const known = value !== undefined || settingKeys().includes(key);
  return known ? ok({ value }) : fail('settingUnknown', { key });
}

/** Watches the folder, not the file: editors and our own writes replace the file by a rename. */
function watchForEdits(platform: Platform, reload: () => Promise<void>) {
  let due: { dispose(): void } | null = null;
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
  return watcher;
}

import { isDeepStrictEqual } from 'node:util';
import type { Handlers, Caller } from '../../src-shared/commands/registry.ts';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import {
  defaultSettings,
  restartKeys,
  settingAt,
  settingKeys,
  type Settings,
} from '../../src-shared/settings.ts';
import type { Role } from '../../src-shared/world/role.ts';
import type { Platform } from '../platform/platform.ts';
import { createTurns } from '../platform/turns.ts';
import { changed, readSettings, saveSettings, setAside, type SettingsText } from './settings-file.ts';
import { whileAlone } from './settings-lock.ts';
import { watchForEdits } from './settings-watch.ts';

/** Why engine.json does not say what applies: it was bad at the start and set aside, or is bad or unreadable now. */
export type SettingsProblem = { readonly setAside: string } | { readonly unreadable: string };

export interface SettingsRoom {
  get(): Settings;
  /** Calls back after each change, by a verb or by an editor. */
  subscribe(listener: (settings: Settings) => void): void;
  /** What is wrong with engine.json now; null as soon as it holds settings again. */
  problem(): SettingsProblem | null;
  /** Calls back when the problem becomes another, or ends. */
  subscribeProblem(listener: (problem: SettingsProblem | null) => void): void;
  readonly handlers: Pick<Handlers<Caller>, 'settings.get' | 'settings.set'>;
  dispose(): void;
}

export interface SettingsOptions {
  /** An engine: follows edits of the file, and sets a bad one aside at its start. A one-shot only looks. */
  readonly watch: boolean;
  /** Holds for this run only and is never written. */
  readonly role?: Role | undefined;
}

export async function openSettings(platform: Platform, options: SettingsOptions): Promise<SettingsRoom> {
  const file = platform.home.settings;
  const first = await readSettings(file);
  const current = kept(first.kind === 'good' ? first.settings : defaultSettings, options.role);
  if (first.kind === 'bad' && options.watch)
    current.note({ setAside: await setAside(file, platform.clock.wall()) });
  else current.note(problemOf(first));
  // A reload or a second writer in the middle of a write would lose a value.
  const { inTurn } = createTurns();
  async function reload(): Promise<void> {
    const now = await readSettings(file);
    // Somebody may be in the middle of a word: the last good settings stay, and the file where it is.
    current.note(now.kind === 'none' ? current.problem() : problemOf(now));
    if (now.kind === 'good') current.adopt(now.settings);
    if (now.kind === 'none') current.adopt(defaultSettings);
  }
  const watcher = options.watch ? watchForEdits(platform, () => inTurn(reload)) : null;
  return {
    get: current.effective,
    subscribe: current.subscribe,
    problem: current.problem,
    subscribeProblem: current.subscribeProblem,
    handlers: {
      'settings.get': async ({ key }) => get(current.effective(), key),
      'settings.set': ({ key, value }) =>
        inTurn(() => whileAlone(platform, () => set(file, current, key, value))),
    },
    dispose: () => watcher?.dispose(),
  };
}

type Kept = ReturnType<typeof kept>;

/** The settings in force, what is wrong with the file, and who wants to know of either. */
function kept(start: Settings, role: Role | undefined) {
  let settings = start;
  let problem: SettingsProblem | null = null;
  const listeners = new Set<(settings: Settings) => void>();
  const problemListeners = new Set<(problem: SettingsProblem | null) => void>();
  const effective = (): Settings => (role === undefined ? settings : { ...settings, role });
  return {
    effective,
    problem: () => problem,
    subscribe: (listener: (settings: Settings) => void) => void listeners.add(listener),
    subscribeProblem: (listener: (problem: SettingsProblem | null) => void) =>
      void problemListeners.add(listener),
    adopt(next: Settings): void {
      if (isDeepStrictEqual(settings, next)) return;
      settings = next;
      for (const listener of listeners) listener(effective());
    },
    note(next: SettingsProblem | null): void {
      if (isDeepStrictEqual(problem, next)) return;
      problem = next;
      for (const listener of problemListeners) listener(problem);
    },
  };
}

function problemOf(text: SettingsText): SettingsProblem | null {
  return text.kind === 'good' || text.kind === 'none' ? null : { unreadable: text.detail };
}

/**
 * Changes what the file says now, not what it said when it was last read: an editor may have saved a moment ago.
 * A file that cannot be used is not overwritten (`settingsUnreadable`).
 */
async function set(
  file: string,
  current: Kept,
  key: string,
  value: unknown,
): Promise<Result<{ key: string; value: unknown; needsRestart: boolean }>> {
  const now = await readSettings(file);
  current.note(now.kind === 'none' ? current.problem() : problemOf(now));
  if (now.kind === 'bad' || now.kind === 'unreadable')
    return fail('settingsUnreadable', { detail: now.detail });
  const next = changed(now.kind === 'good' ? now.settings : defaultSettings, key, value);
  if (!next.ok) return next;
  await saveSettings(file, next.value);
  current.note(null);
  current.adopt(next.value);
  return ok({ key, value: settingAt(next.value, key), needsRestart: restartKeys.includes(key) });
}

async function get(settings: Settings, key: string | undefined): Promise<Result<{ value: unknown }>> {
  if (key === undefined) return ok({ value: settings });
  const value = settingAt(settings, key);
  const known = value !== undefined || settingKeys().includes(key);
  return known ? ok({ value }) : fail('settingUnknown', { key });
}

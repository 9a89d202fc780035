import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Language } from '../src-shared/language/translate.ts';
import { defaultSettings, type Settings } from '../src-shared/settings.ts';
import type { EngineLinkState } from '../src-shared/world/state-sentence.ts';
import type { World } from '../src-shared/world/world.ts';

/** All that the shell knows. Tray, notices and popover are drawn from it; only the feed and the popover write it. */
export interface ShellState {
  readonly engine: EngineLinkState;
  /** The last World; kept, and shown as old, while the engine is lost. */
  readonly world: World | null;
  readonly settings: Settings;
  readonly language: Language;
  readonly popoverVisible: boolean;
}
export type ShellStore = StoreApi<ShellState>;

export function createShellStore(language: Language): ShellStore {
  return createStore<ShellState>(() => ({
    engine: 'starting',
    world: null,
    settings: defaultSettings,
    language,
    popoverVisible: false,
  }));
}

/** Calls back now, and whenever the language changes. */
export function followLanguage(store: ShellStore, listener: () => void): void {
  listener();
  store.subscribe((state, before) => {
    if (state.language !== before.language) listener();
  });
}

import type { EngineClient } from '../src-engine/platform/engine-client.ts';
import type { Language } from '../src-shared/language/translate.ts';
import { settingsSchema, type Settings } from '../src-shared/settings.ts';
import type { ShellStore } from './shell-store.ts';

export interface EngineFeed {
  /** A new connection: subscribes and reads what the shell needs. */
  connected(client: EngineClient): void;
  /** Settings may have changed: reads them again. */
  refreshSettings(): Promise<void>;
  /** Subscribes again, to be sure after a sleep. */
  resubscribe(): void;
}

/** Fills the store from the engine. While somebody looks, the engine is asked to measure more often. */
export function feedStore(
  store: ShellStore,
  chooseLanguage: (setting: Settings['language']) => Language,
): EngineFeed {
  let client: EngineClient | null = null;

  async function subscribe(): Promise<void> {
    const asked = client;
    const result = await asked?.call('status.subscribe', { live: store.getState().popoverVisible });
    if (result?.ok && asked === client) adoptWorld(store, result.value);
  }

  async function refreshSettings(): Promise<void> {
    const result = await client?.call('settings.get', {});
    const parsed = result?.ok ? settingsSchema.safeParse(result.value.value) : null;
    if (!parsed?.success) return;
    store.setState({ settings: parsed.data, language: chooseLanguage(parsed.data.language) });
  }

  store.subscribe((state, before) => {
    if (state.popoverVisible === before.popoverVisible) return;
    void subscribe();
    if (state.popoverVisible) void refreshSettings();
  });
  return {
    connected: (next) => {
      client = next;
      next.on('status.changed', (world) => adoptWorld(store, world));
      void subscribe();
      void refreshSettings();
      // A settings change leaves a record; that is how the shell hears of one made by the command line.
      next.on('history.added', ({ kind }) => void (kind.startsWith('settings') && refreshSettings()));
      void next.call('history.follow', {});
    },
    refreshSettings,
    resubscribe: () => void subscribe(),
  };
}

/** An answer may arrive after a newer event: the older World is dropped, unless a new engine counts from 0. */
function adoptWorld(
  store: ShellStore,
  world: NonNullable<ReturnType<ShellStore['getState']>['world']>,
): void {
  const known = store.getState().world;
  if (known !== null && known.engine.pid === world.engine.pid && known.revision > world.revision) return;
  store.setState({ world });
}

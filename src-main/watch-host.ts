import { powerSaveBlocker } from 'electron';
import type { Scheduler } from '../src-engine/platform/clock.ts';
import type { EngineFeed } from './engine-feed.ts';
import type { EngineLink } from './engine-link.ts';
import { holdShutdown } from './hold-shutdown.ts';
import { servesAsEdge } from './leave-first.ts';
import { hearPower } from './power-events.ts';
import type { ShellStore } from './shell-store.ts';
import { stayAwake } from './stay-awake.ts';

export interface HostDeps {
  readonly store: ShellStore;
  readonly link: EngineLink;
  readonly feed: EngineFeed;
  readonly scheduler: Scheduler;
  quit(): void;
}

/** Power, sleep and shutdown: told to the engine, held off only while this Mac leaves. */
export function watchHost({ store, link, feed, scheduler, quit }: HostDeps): void {
  const onShutdown = holdShutdown({
    scheduler,
    serves: () => servesAsEdge(store.getState().world),
    tell: () => link.call('host.event', { event: 'shutdown' }),
    quit,
  });
  hearPower((event) => {
    void link.call('host.event', { event });
    if (event === 'resume') link.wake();
    if (event === 'resume') feed.resubscribe();
  }, onShutdown);
  const awake = stayAwake({
    hold: () => powerSaveBlocker.start('prevent-app-suspension'),
    release: (id) => powerSaveBlocker.stop(id),
  });
  store.subscribe(({ world, engine }) => awake(engine === 'connected' ? world : null));
}

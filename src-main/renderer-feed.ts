import type { ShellContext } from '../src-shared/commands/shell.ts';
import type { Ipc } from './ipc.ts';
import type { ShellState, ShellStore } from './shell-store.ts';

export function contextOf({ language, engine }: ShellState): ShellContext {
  return { language, engine, platform: process.platform };
}

/** What changes in the shell's picture is said to the popover; it never has to ask twice. */
export function pushToRenderer(store: ShellStore, ipc: Pick<Ipc, 'push'>): void {
  store.subscribe((state, before) => {
    if (state.world !== before.world && state.world !== null) ipc.push('status.changed', state.world);
    if (state.engine !== before.engine || state.language !== before.language)
      ipc.push('shell.context', contextOf(state));
  });
}

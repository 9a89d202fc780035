import { powerMonitor } from 'electron';
import type { Input } from '../src-shared/commands/registry.ts';

export type HostEvent = Input<'host.event'>['event'];

/**
 * Passes on what only the shell can see of this host (design decision 13). On Linux suspend and resume arrive twice
 * (design research, measured): whoever hears them must not mind.
 */
export function hearPower(hear: (event: HostEvent) => void, onShutdown: (prevent: () => void) => void): void {
  powerMonitor.on('suspend', () => hear('suspend'));
  powerMonitor.on('resume', () => hear('resume'));
  powerMonitor.on('shutdown', (event?: { preventDefault?: () => void }) =>
    onShutdown(() => event?.preventDefault?.()),
  );
  powerMonitor.on('on-ac', () => hear('onAc'));
  powerMonitor.on('on-battery', () => hear('onBattery'));
  // `speed-limit-change` says nothing on Apple Silicon (design research, desktop-shell C).
  if (process.platform === 'darwin') powerMonitor.on('thermal-state-change', () => hear('thermal'));
}

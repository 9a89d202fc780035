import type { MessageKey } from '../../src-shared/language/translate.ts';
import { settingKeys } from '../../src-shared/settings.ts';

export interface Section {
  readonly id: string;
  readonly title: MessageKey;
  /** Folded until somebody wants it. */
  readonly folded: boolean;
  readonly keys: readonly string[];
}

const below = (prefix: string): string[] => settingKeys().filter((key) => key.startsWith(prefix));

/** What the page shows, and in which order. A room that does not exist yet is left out. */
export const sections: readonly Section[] = [
  {
    id: 'general',
    title: 'settings.general',
    folded: false,
    keys: ['language', 'role', 'notices.enabled', 'tray.showPercent', 'quit.whenClusterRuns'],
  },
  { id: 'cluster', title: 'settings.cluster', folded: false, keys: below('cluster.') },
  { id: 'battery', title: 'settings.battery', folded: true, keys: below('stages.battery.') },
  { id: 'minutes', title: 'settings.minutes', folded: true, keys: below('stages.minutes.') },
  { id: 'memory', title: 'settings.memory', folded: true, keys: below('stages.memory.') },
  { id: 'thermal', title: 'settings.thermal', folded: true, keys: below('stages.thermal.') },
  { id: 'link', title: 'settings.link', folded: true, keys: below('link.') },
  { id: 'traffic', title: 'settings.traffic', folded: true, keys: below('traffic.') },
  { id: 'tunnel', title: 'settings.tunnel', folded: true, keys: below('tunnel.') },
  {
    id: 'handoff',
    title: 'settings.handoff',
    folded: true,
    keys: below('handoff.').filter((key) => !key.startsWith('handoff.return.')),
  },
  { id: 'return', title: 'settings.return', folded: true, keys: below('handoff.return.') },
];

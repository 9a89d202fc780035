import type { Scheduler } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { Tools } from '../../platform/tools.ts';
import type { Bonjour } from './bonjour.ts';
import { dnsSdBonjour } from './dns-sd-bonjour.ts';
import { libraryBonjour, type LibraryPorts } from './library-bonjour.ts';
import type { Announcement, Found } from './service-text.ts';

export type { Announcement, Found } from './service-text.ts';

/** A hint where the other Mac may be; never trusted for more than an address to try. */
export interface Discovery {
  /** What this Mac says of itself; null: nothing (any more). The same again costs nothing. */
  announce(what: Announcement | null): void;
  browse(on: boolean): void;
  /** Who is heard while browsing, this Mac left out. */
  found(): readonly Found[];
  dispose(): void;
}

export interface DiscoveryPorts {
  readonly scheduler: Scheduler;
  readonly tools: Pick<Tools, 'resident'>;
  readonly os: string;
  readonly log: Pick<Logger, 'warn'>;
  /** Tests alone: an interface and port of their own. */
  readonly socket?: NonNullable<LibraryPorts['socket']>;
}

/** macOS: the system's responder by `dns-sd`; elsewhere the library bonjour-service. Nothing runs until asked. */
export function createDiscovery(ports: DiscoveryPorts): Discovery {
  const bonjour = bonjourOf(ports);
  let said: Announcement | null = null;
  return {
    announce(what) {
      if (JSON.stringify(what) === JSON.stringify(said)) return;
      said = what;
      bonjour.announce(what);
    },
    browse: (on) => bonjour.browse(on),
    found: () => bonjour.found().filter(({ pin8 }) => said === null || !said.pin.startsWith(pin8)),
    dispose: () => bonjour.dispose(),
  };
}

function bonjourOf({ scheduler, tools, os, log, socket }: DiscoveryPorts): Bonjour {
  if (os === 'darwin') return dnsSdBonjour(scheduler, tools);
  return libraryBonjour({
    scheduler,
    ...(socket === undefined ? {} : { socket }),
    onProblem: (error) => log.warn({ error: error.message }, 'Bonjour does not work; trying again'),
  });
}

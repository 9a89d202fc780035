import type { Disposable, Scheduler } from '../../platform/clock.ts';
import type { ResidentTool, Tools } from '../../platform/tools.ts';
import { MOST_FOUND, type Bonjour } from './bonjour.ts';
import {
  addressLine,
  browseLine,
  lineCutter,
  reachLine,
  textLine,
  type ReachLine,
} from './dns-sd-grammar.ts';
import { keptChild } from './kept-child.ts';
import { minuteBudget } from './minute-budget.ts';
import { foundOf, instanceName, textOf, type Announcement, type Found } from './service-text.ts';

const DNS_SD = '/usr/bin/dns-sd';
const TYPE = '_tandem._tcp';
const DOMAIN = 'local';
/** A name that is not resolved by then is not there. */
const RESOLVE_MS = 5000;
/** Lookups at once. */
const MOST_LOOKUPS = 4;
/** Lookups, of two children each, in a minute: anybody on the LAN can announce ever new names that answer at once. */
const MOST_A_MINUTE = 30;

/**
 * Bonjour by the system's own responder, through resident `dns-sd` children: it shares port 5353 with
 * nobody, and the permission for the local network is the system's (research/link.md, section 3.1).
 */
export function dnsSdBonjour(scheduler: Scheduler, tools: Pick<Tools, 'resident'>): Bonjour {
  const directory = resolved(scheduler, tools);
  const announcer = keptChild(scheduler);
  const browser = keptChild(scheduler);
  let browses = false;

  function announce(what: Announcement | null): void {
    announcer.run(what === null ? null : () => tools.resident(DNS_SD, announceArgs(what), () => undefined));
  }

  function onLine(line: string): void {
    const seen = browseLine(line);
    if (seen !== null) (seen.here ? directory.came : directory.went)(seen.instance);
  }

  function browse(on: boolean): void {
    if (on === browses) return;
    browses = on;
    const args = ['-B', TYPE, DOMAIN];
    browser.run(on ? () => tools.resident(DNS_SD, args, lineCutter(onLine)) : null);
    if (!on) directory.clear();
  }

  return {
    announce,
    browse,
    found: directory.found,
    dispose() {
      announcer.dispose();
      browser.dispose();
      directory.dispose();
    },
  };
}

/** Who is there, by instance; a few are looked up at once, the others wait. */
function resolved(scheduler: Scheduler, tools: Pick<Tools, 'resident'>) {
  const known = new Map<string, Found>();
  const lookups = new Map<string, Disposable>();
  const waiting = new Set<string>();
  /** Outlives a browse: who makes it begin anew has no more lookups. */
  const budget = minuteBudget(scheduler, MOST_A_MINUTE, next);

  function next(): void {
    for (const instance of waiting) {
      if (lookups.size >= MOST_LOOKUPS || !budget.take()) return;
      waiting.delete(instance);
      const lookup = resolve(scheduler, tools, instance, (found) => {
        lookups.delete(instance);
        if (found !== null && known.size < MOST_FOUND) known.set(instance, found);
        next();
      });
      lookups.set(instance, lookup);
    }
  }

  function went(instance: string): void {
    lookups.get(instance)?.dispose();
    lookups.delete(instance);
    waiting.delete(instance);
    known.delete(instance);
    next();
  }

  function clear(): void {
    waiting.clear();
    for (const instance of [...lookups.keys(), ...known.keys()]) went(instance);
  }

  return {
    came(instance: string): void {
      if (lookups.has(instance) || waiting.size >= MOST_FOUND) return;
      waiting.add(instance);
      next();
    },
    went,
    clear,
    dispose(): void {
      clear();
      budget.dispose();
    },
    found: (): readonly Found[] => [...known.values()],
  };
}

/** Each item of the TXT record is an argument of its own; no shell reads them. */
function announceArgs(what: Announcement): string[] {
  const text = Object.entries(textOf(what)).map(([key, value]) => `${key}=${value}`);
  return ['-R', instanceName(what), TYPE, DOMAIN, String(what.port), ...text];
}

/** Where an instance is and what it says: `-L`, then `-G`; null when it does not answer in time. */
function resolve(
  scheduler: Scheduler,
  tools: Pick<Tools, 'resident'>,
  instance: string,
  onEnd: (found: Found | null) => void,
): Disposable {
  let child: ResidentTool | null = null;
  let reach: ReachLine | null = null;
  const limit = scheduler.after(RESOLVE_MS, () => finish(null));
  let ended = false;
  let asked = false;
  function end(): void {
    ended = true;
    limit.dispose();
    child?.stop();
  }
  function finish(found: Found | null): void {
    if (ended) return;
    end();
    onEnd(found);
  }
  function askAddress(at: ReachLine, text: Readonly<Record<string, string>>): void {
    asked = true;
    child?.stop();
    child = tools.resident(
      DNS_SD,
      ['-G', 'v4', at.host],
      lineCutter((line) => {
        const address = addressLine(line);
        if (address !== null) finish(foundOf(text, address, at.port));
      }),
    );
  }
  child = tools.resident(
    DNS_SD,
    ['-L', instance, TYPE, DOMAIN],
    lineCutter((line) => {
      // What one chunk brought besides is of a child that is over: not another one for each of its lines.
      if (ended || asked) return;
      const text = reach === null ? null : textLine(line);
      if (reach !== null && text !== null) return askAddress(reach, text);
      reach = reachLine(line) ?? reach;
    }),
  );
  return { dispose: end };
}

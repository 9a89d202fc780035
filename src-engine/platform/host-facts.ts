import { cpus } from 'node:os';
import type { HostFacts } from '../../src-shared/world/vitals.ts';
import { pause, type Scheduler } from './clock.ts';

/** What systeminformation is asked; a double answers in tests. */
export interface FactsLibrary {
  system(): Promise<{ model: string; version: string; virtual?: boolean }>;
  cpu(): Promise<{ manufacturer: string; brand: string }>;
  osInfo(): Promise<{ distro: string; release: string }>;
}

export interface FactsNeeds {
  readonly scheduler: Scheduler;
  readonly env: NodeJS.ProcessEnv;
}

/** The start of the engine waits for this at most this long. */
const LIMIT_MS = 4000;

/**
 * Model, chip and system of this host, once, for people to read. systeminformation is loaded here only:
 * it blocks the main thread and spawns shells, so it is never on a timer (research/vitals.md, section 1).
 * Under VITALS_ROOT the host is not asked.
 */
export async function readHostFacts(
  { scheduler, env }: FactsNeeds,
  load: () => Promise<FactsLibrary> = () => import('systeminformation'),
): Promise<HostFacts> {
  const cpuCount = Math.max(1, cpus().length);
  const unknown: HostFacts = { model: null, chip: null, os: null, fanless: null, cpuCount };
  if (env['VITALS_ROOT']) return unknown;
  const asked = load().then(askFacts, () => null);
  const limit = new AbortController();
  const late = pause(scheduler, LIMIT_MS, limit.signal).then(() => null);
  const facts = await Promise.race([asked, late]);
  limit.abort();
  return facts === null ? unknown : { ...facts, cpuCount };
}

async function askFacts(library: FactsLibrary): Promise<Omit<HostFacts, 'cpuCount'>> {
  const [system, cpu, os] = await Promise.all([
    library.system().catch(() => null),
    library.cpu().catch(() => null),
    library.osInfo().catch(() => null),
  ]);
  const model = modelOf(system?.model, system?.version);
  const chip = told([cpu?.manufacturer, cpu?.brand]);
  return { model, chip, os: told([os?.distro, os?.release]), fanless: fanlessOf(model, chip) };
}

/** On a Mac `version` is the name that people know, when the library knows the key (`Mac14,2`) at all. */
function modelOf(model: string | undefined, version: string | undefined): string | null {
  const named = /^i?Mac/.test(model ?? '') && version !== 'Unknown' ? version : undefined;
  return told([named || model]);
}

/** The parts that say something, joined; null when none does. */
function told(parts: readonly (string | undefined)[]): string | null {
  const words = parts.map((part) => part?.trim() ?? '').filter((part) => part !== '' && part !== 'Computer');
  return [...new Set(words)].join(' ') || null;
}

/**
 * Of the Macs with a chip of Apple's, every MacBook but the Pro has no fan.
 *
 * @returns null when the model's name is not known
 */
export function fanlessOf(model: string | null, chip: string | null): boolean | null {
  if (model === null || chip === null || !/Apple/.test(chip)) return null;
  if (/^MacBook\b(?! Pro)/.test(model) || model.startsWith('MacBookAir')) return true;
  return /^(MacBook ?Pro|iMac|Mac (mini|Pro|Studio))/.test(model) ? false : null;
}

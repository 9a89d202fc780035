import type { Translate } from '../../src-shared/language/translate.ts';
import { durationIn } from '../../src-shared/language/translate.ts';
import { formatBytes, formatGigabytes } from '../../src-shared/units.ts';
import { familyOf } from '../../src-shared/world/state-sentence.ts';
import type { Battery, Memory, Reason, Thermal, Vitals } from '../../src-shared/world/vitals.ts';
import type { MeterReading } from '../parts/meter.tsx';
import type { Tone } from '../parts/tone.ts';

const MINUTE_MS = 60_000;
/** Swap below this is the kernel tidying up; above it people feel it. */
const SWAP_SHOWN_BYTES = 256 * 1024 * 1024;

/** What a meter's colour follows: the stage that vitals made of it, never a limit of the screen's own. */
export function toneOf(vitals: Vitals, family: ReturnType<typeof familyOf>): Tone {
  const reasons = vitals.reasons.filter(({ metric }) => familyOf(metric) === family);
  if (reasons.length === 0) return 'ok';
  return reasons.some(({ stage }: Reason) => stage !== 'warn') ? 'bad' : 'warn';
}

export function memoryReading(memory: Memory, tone: Tone, t: Translate, nowMs: number): MeterReading {
  const swap = memory.swapUsedBytes ?? 0;
  const parts = [
    `/ ${formatBytes(memory.totalBytes)}`,
    pressureWords(memory, t),
    swap >= SWAP_SHOWN_BYTES ? t('meter.swap', { swap: formatBytes(swap) }) : '',
    ageWords(memory, t, nowMs),
  ];
  return {
    percent: (memory.usedBytes / memory.totalBytes) * 100,
    tone: tone === 'ok' ? levelTone(memory.level) : tone,
    strong: formatGigabytes(memory.usedBytes),
    note: joined(parts),
    stale: memory.stale === true,
  };
}

function levelTone(level: Memory['level']): Tone {
  return level === 'critical' ? 'bad' : level === 'warn' ? 'warn' : 'ok';
}

/** macOS tells a pressure level, Linux how long programs waited; neither is unknown. */
function pressureWords(memory: Memory, t: Translate): string {
  if (memory.level !== null) return t('meter.pressure', { level: t(`pressure.${memory.level}`) });
  if (memory.stallSomePercent !== null)
    return t('meter.stall', {
      percent: memory.stallSomePercent.toFixed(memory.stallSomePercent < 10 ? 1 : 0),
    });
  return '';
}

export function batteryReading(
  battery: Battery,
  tone: Tone,
  drainPercent: number,
  t: Translate,
  nowMs: number,
): MeterReading {
  const known = battery.percent !== null;
  // The stage follows some seconds later; the bar must not be green beyond its own mark.
  const isPast = battery.onAC === false && known && (battery.percent ?? 100) <= drainPercent;
  return {
    percent: battery.percent,
    tone: tone === 'ok' && isPast ? 'warn' : tone,
    strong: known ? `${Math.round(battery.percent ?? 0)} %` : t('meter.unknown'),
    note: joined([
      known && !battery.stale ? batteryWords(battery, drainPercent, t) : '',
      ageWords(battery, t, nowMs),
    ]),
    stale: battery.stale === true,
  };
}

function batteryWords(battery: Battery, drainPercent: number, t: Translate): string {
  if (battery.onAC === null) return t('meter.supplyUnknown');
  if (battery.onAC) return t(battery.state === 'charging' ? 'meter.charging' : 'meter.onPower');
  const { minutesToDrain, minutesToStop, confidence, percent } = battery;
  if (percent !== null && percent <= drainPercent)
    return minutesToStop === null || confidence === 'none'
      ? t('meter.atDrainLine')
      : t('meter.toStop', { left: durationIn(t, minutesToStop * MINUTE_MS) });
  if (minutesToDrain === null || confidence === 'none') return t('meter.timeUnknown');
  const left = durationIn(t, minutesToDrain * MINUTE_MS);
  return t(confidence === 'low' ? 'meter.toDrain.low' : 'meter.toDrain', { left });
}

export function heatReading(thermal: Thermal, tone: Tone, t: Translate, nowMs: number): MeterReading {
  const { level } = thermal;
  const words = level === null ? '' : t(`heat.${level as 0 | 1 | 2 | 3 | 4}`);
  return {
    percent: level === null ? null : level * 25,
    tone: tone === 'ok' && (level ?? 0) >= 2 ? 'warn' : tone,
    strong: level === null ? t('meter.unknown') : words,
    note: joined([
      level === null ? '' : t('meter.level', { level }),
      thermal.unproven ? t('meter.unproven') : '',
      ageWords(thermal, t, nowMs),
    ]),
    stale: thermal.stale === true,
  };
}

/** CPU and free disk, shown without a stage; what is not known is left out. */
export function loadLine({ load, disk }: Vitals, t: Translate, nowMs: number): string {
  const cpu = load?.cpuPercent ?? null;
  return joined([
    cpu === null ? '' : t('vitals.cpu', { percent: Math.round(cpu) }),
    cpu === null || load === null ? '' : ageWords(load, t, nowMs),
    disk === null ? '' : t('vitals.disk', { free: formatBytes(disk.freeBytes) }),
    disk === null ? '' : ageWords(disk, t, nowMs),
  ]);
}

/** How old a fact is, when it is too old to be shown as now. */
export function ageWords(
  fact: { readonly sampledAt: string; readonly stale?: true | undefined },
  t: Translate,
  nowMs: number,
): string {
  if (fact.stale !== true) return '';
  return t('meter.age', { age: durationIn(t, nowMs - Date.parse(fact.sampledAt)) });
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' · ');
}

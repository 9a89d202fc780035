import type { Vitals } from '../../src-shared/world/vitals.ts';
import type { World } from '../../src-shared/world/world.ts';
import { HeatMeter } from '../parts/heat-meter.tsx';
import { Meter } from '../parts/meter.tsx';
import { Sparkline } from '../parts/sparkline.tsx';
import { useNow } from '../parts/use-now.ts';
import { useView } from '../view-store.ts';
import { useWords } from '../words.ts';
import { batteryReading, heatReading, loadLine, memoryReading, toneOf } from './vitals-view.ts';

const DRAIN_PERCENT = 25;
/** Heat is drawn on its own scale: a flat line at 0 is good news. */
const HEAT_SCALE = { low: 0, high: 4 } as const;

/** This Mac: memory, battery and heat, each with its last ten minutes. */
export function VitalsCard({ world }: { readonly world: World }) {
  const { t } = useWords();
  const load = loadLine(world.host.vitals, t, useNow());
  return (
    <section className="card" aria-labelledby="vitals-title">
      <header className="card-head">
        <h2 id="vitals-title">{world.host.name}</h2>
        <span className="tag">{t(`role.${world.role}`)}</span>
      </header>
      <MemoryRow world={world} />
      <BatteryRow world={world} />
      <HeatRow world={world} />
      {load !== '' && <p className="dim">{load}</p>}
    </section>
  );
}

/** Heat that matters: it is shown even where there is little room. */
export function isHot(vitals: Vitals): boolean {
  return toneOf(vitals, 'thermal') !== 'ok' || (vitals.thermal?.level ?? 0) >= 2;
}

interface Row {
  readonly world: World;
}

export function MemoryRow({ world }: Row) {
  const { t } = useWords();
  const nowMs = useNow();
  const points = useView((view) => view.series.memory);
  const { memory } = world.host.vitals;
  if (memory === null)
    return (
      <Meter
        label={t('meter.memory')}
        reading={{ percent: null, tone: 'dim', strong: t('meter.unknown'), note: '', stale: false }}
        picture={null}
      />
    );
  const reading = memoryReading(memory, toneOf(world.host.vitals, 'memory'), t, nowMs);
  const picture = <Sparkline points={points} tone={reading.tone} span={4} unit="%" />;
  return <Meter label={t('meter.memory')} reading={reading} picture={picture} />;
}

/** Absent on a Mac without a battery. */
export function BatteryRow({ world }: Row) {
  const { t } = useWords();
  const nowMs = useNow();
  const points = useView((view) => view.series.battery);
  const drainPercent = useView((view) => view.settings?.stages.battery.drainPercent ?? DRAIN_PERCENT);
  const { battery } = world.host.vitals;
  if (battery === null) return null;
  const reading = batteryReading(battery, toneOf(world.host.vitals, 'battery'), drainPercent, t, nowMs);
  const picture = <Sparkline points={points} tone={reading.tone} span={4} unit="%" />;
  const mark = { percent: drainPercent, label: t('meter.drainLine', { percent: drainPercent }) };
  return <Meter label={t('meter.battery')} reading={reading} mark={mark} picture={picture} />;
}

export function HeatRow({ world }: Row) {
  const { t } = useWords();
  const nowMs = useNow();
  const points = useView((view) => view.series.thermal);
  const { thermal } = world.host.vitals;
  if (thermal === null) return null;
  const reading = heatReading(thermal, toneOf(world.host.vitals, 'thermal'), t, nowMs);
  const picture = <Sparkline points={points} tone={reading.tone} span={HEAT_SCALE} unit="" />;
  return <HeatMeter label={t('meter.heat')} level={thermal.level} reading={reading} picture={picture} />;
}

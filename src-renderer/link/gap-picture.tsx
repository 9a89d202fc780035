import { useEffect, useState } from 'react';
import { fineDurationIn } from '../../src-shared/language/translate.ts';
import { bridge } from '../bridge.ts';
import { useView } from '../view-store.ts';
import { useWords } from '../words.ts';
import { gapView, type GapView } from './gap-view.ts';

const WIDTH = 300;
const HEIGHT = 64;
const SLOTS = 60;
const AGAIN_MS = 10_000;
/** Until the settings are read: design/limits.md, Link. */
const SUSPECT_MS = 1250;
const DECIDE_MS = 2500;

/** The largest gap between heartbeats in each ten seconds of the last ten minutes. */
export function GapPicture() {
  const { t } = useWords();
  const suspectMs = useView((view) => view.settings?.link.suspectMs ?? SUSPECT_MS);
  const decideMs = useView((view) => view.settings?.link.decideMs ?? DECIDE_MS);
  const gaps = useGaps();
  const view = gaps === null ? null : gapView(gaps, { suspectMs, decideMs });
  return (
    <section className="card" aria-labelledby="gaps-title">
      <header className="card-head">
        <h2 id="gaps-title">{t('gaps.title')}</h2>
        {view !== null && (
          <span className="state dim">{t('gaps.most', { most: fineDurationIn(t, view.mostMs) })}</span>
        )}
      </header>
      {view === null ? (
        gaps !== null && <p className="dim">{t('gaps.none')}</p>
      ) : (
        <>
          <Bars view={view} total={view.bars.length} />
          <div className="gap-axis" aria-hidden>
            <span>{t('gaps.ago')}</span>
            <span>{t('gaps.now')}</span>
          </div>
          <p className="dim gap-about">{t('gaps.about')}</p>
        </>
      )}
    </section>
  );
}

function Bars({ view, total }: { readonly view: GapView; readonly total: number }) {
  const { t } = useWords();
  const width = WIDTH / SLOTS;
  const line = (share: number, name: string) => (
    <line className={name} x1={0} x2={WIDTH} y1={HEIGHT * (1 - share)} y2={HEIGHT * (1 - share)} />
  );
  const most = fineDurationIn(t, view.mostMs);
  return (
    <svg
      className="gaps"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={t('gaps.spoken', { most, count: view.overSuspect, total })}
    >
      {view.bars.map(({ left, height, tone }) => (
        <rect
          key={left}
          className={tone}
          x={left * WIDTH + 0.5}
          width={width - 1}
          y={HEIGHT * (1 - height)}
          height={HEIGHT * height}
        />
      ))}
      {line(view.suspectAt, 'suspect')}
      {line(view.decideAt, 'decide')}
    </svg>
  );
}

/** Read when the page opens and every slot after; null until the first answer. */
function useGaps(): readonly (number | null)[] | null {
  const [gaps, setGaps] = useState<readonly (number | null)[] | null>(null);
  useEffect(() => {
    let current = true;
    const read = async (): Promise<void> => {
      const result = await bridge.call('samples.recent', { seconds: 600, points: SLOTS });
      if (current && result.ok) setGaps(lastSlots(result.value.peerGapMs));
    };
    void read();
    const timer = setInterval(() => void read(), AGAIN_MS);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, []);
  return gaps;
}

/** Filled up on the left: an engine that started a minute ago knows one minute. */
function lastSlots(gapsMs: readonly (number | null)[]): (number | null)[] {
  const last = gapsMs.slice(-SLOTS);
  return [...Array.from({ length: SLOTS - last.length }, () => null), ...last];
}

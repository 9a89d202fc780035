import { useId, useState } from 'react';
import type { DemoView } from '../../src-shared/demo.ts';
import { useWords } from '../words.ts';
import { moveEdge } from './demo-store.ts';

/** What can be moved on the edge: its sensors, its lid, the wire, and its life. */
export function Moves({ view }: { readonly view: DemoView }) {
  const { t } = useWords();
  const { moves, wire } = view;
  const percent = (value: number): string => `${value}\u00a0%`;
  return (
    <section className="card form" aria-labelledby="demo-moves">
      <h2 id="demo-moves">{t('demo.moves')}</h2>
      <Slider word="battery" label={t('meter.battery')} value={moves.batteryPercent} spoken={percent} />
      <Slider word="memory" label={t('demo.memory')} value={moves.memoryPercent} spoken={percent} />
      <Slider
        word="heat"
        label={t('meter.heat')}
        value={moves.heatLevel}
        max={4}
        spoken={(level) => t('demo.heat', { level })}
      />
      <div className="demo-switches">
        <Switch label={t('demo.ac')} on={moves.onAC} line={(on) => `ac ${on ? 'on' : 'off'}`} />
        <Switch
          label={t('demo.lid')}
          on={moves.lidClosed}
          line={(closed) => `lid ${closed ? 'closed' : 'open'}`}
        />
        <Switch
          label={t(wire === 'namespaces' ? 'demo.cut' : 'demo.freeze')}
          on={moves.linkCut}
          line={(cut) => `link ${cut ? 'cut' : 'heal'}`}
        />
        <Kill killed={moves.killed} />
      </div>
      {moves.killed && <p className="dim">{t('demo.killed')}</p>}
    </section>
  );
}

/** While it is dragged it shows where the finger is; then what the edge was told. */
function Slider(props: {
  readonly word: 'battery' | 'memory' | 'heat';
  readonly label: string;
  readonly value: number;
  readonly max?: number;
  spoken(value: number): string;
}) {
  const { word, label, value, max = 100, spoken } = props;
  const [draft, setDraft] = useState<number | null>(null);
  const id = useId();
  const shown = draft ?? value;
  const move = (to: number): void => {
    setDraft(to);
    moveEdge(`${word} ${to}`);
  };
  return (
    <div className="demo-slider">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="range"
        min={0}
        max={max}
        step={1}
        value={shown}
        aria-valuetext={spoken(shown)}
        onChange={(event) => move(Number(event.target.value))}
        onPointerUp={() => setDraft(null)}
        onKeyUp={() => setDraft(null)}
        onBlur={() => setDraft(null)}
      />
      <span className="value" aria-hidden>
        {spoken(shown)}
      </span>
    </div>
  );
}

function Switch(props: { readonly label: string; readonly on: boolean; line(on: boolean): string }) {
  const { label, on, line } = props;
  const id = useId();
  return (
    <div className="field-row">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="checkbox"
        className="switch"
        checked={on}
        onChange={(event) => moveEdge(line(event.target.checked))}
      />
    </div>
  );
}

function Kill({ killed }: { readonly killed: boolean }) {
  const { t } = useWords();
  return (
    <div className="field-row">
      <button type="button" className="button danger" disabled={killed} onClick={() => moveEdge('kill edge')}>
        {t('demo.kill')}
      </button>
    </div>
  );
}

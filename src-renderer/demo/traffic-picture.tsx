import { SECONDS_SHOWN, type DemoView } from '../../src-shared/demo.ts';
import { useWords } from '../words.ts';
import { picturePaths } from './picture-paths.ts';

const SIZE = { width: 306, height: 92, seconds: SECONDS_SHOWN } as const;

/** Who answered how many requests in each second of the last minute, and that none was lost. */
export function TrafficPicture({ view }: { readonly view: DemoView }) {
  const { t } = useWords();
  const { seconds, total, lost, lostByKind } = view;
  const { core = 0, edge = 0 } = seconds.at(-1) ?? {};
  const picture = picturePaths(seconds, SIZE);
  return (
    <section className="card" aria-labelledby="demo-traffic">
      <header className="card-head">
        <h2 id="demo-traffic">{t('demo.perSecond')}</h2>
        <span className="demo-now">
          <Side side="core" perSecond={core} />
          <Side side="edge" perSecond={edge} />
        </span>
      </header>
      <svg
        className="demo-picture"
        viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('demo.picture', { core, edge })}
      >
        <path className="core" d={picture?.core ?? ''} />
        <path className="edge" d={picture?.edge ?? ''} />
        <text x="4" y="12">
          {picture?.top}
        </text>
      </svg>
      <p className="demo-total">
        <span>{t('demo.total', { total: total.toLocaleString('en') })}</span>
        <b className={lost > 0 ? 'bad' : 'ok'} data-lost={lost}>
          {t('demo.lost', { lost })}
        </b>
      </p>
      {lost > 0 && <p className="dim demo-note">{t('demo.lostBy', lostByKind)}</p>}
    </section>
  );
}

function Side({ side, perSecond }: { readonly side: 'core' | 'edge'; readonly perSecond: number }) {
  const { t } = useWords();
  return (
    <span data-side={side} data-per-second={perSecond}>
      <i className={side} aria-hidden />
      {t(`demo.now.${side}`, { perSecond })}
    </span>
  );
}

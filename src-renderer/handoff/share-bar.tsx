import type { ShareView } from './share-view.ts';
import { useWords } from '../words.ts';

/** Narrower than this has no room for its number. */
const LABEL_PERCENT = 13;

/** The traffic as one bar: the core's part from the left, the edge's from the right. It moves as the traffic does. */
export function ShareBar({ view }: { readonly view: ShareView }) {
  const { say } = useWords();
  const { corePercent, isMeasured, markPercent, isOld } = view;
  const kind = corePercent === null ? 'share unknown' : isMeasured ? 'share' : 'share wished';
  return (
    <>
      <div className={isOld ? `${kind} old` : kind} aria-hidden>
        {corePercent !== null && (
          <>
            <Part side="core" percent={corePercent} />
            <Part side="edge" percent={100 - corePercent} />
          </>
        )}
        {markPercent !== null && <u style={{ left: `${markPercent}%` }} />}
      </div>
      <span className="visually-hidden">{say(view.spoken)}</span>
    </>
  );
}

function Part({ side, percent }: { readonly side: 'core' | 'edge'; readonly percent: number }) {
  return (
    <span className={side} style={{ width: `${percent}%` }}>
      {percent >= LABEL_PERCENT && `${Math.round(percent)}\u00a0%`}
    </span>
  );
}

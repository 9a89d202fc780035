import { bridge } from '../bridge.ts';
import { PageHead } from '../parts/page-head.tsx';
import { Page } from '../parts/page.tsx';
import { CommandProblem } from '../popover/command-problem.tsx';
import { useView } from '../view-store.ts';
import { useWords } from '../words.ts';
import { DemoActions } from './demo-actions.tsx';
import { useDemo } from './demo-store.ts';
import { Moves } from './moves.tsx';
import { PairWords } from './pair-words.tsx';
import { TrafficPicture } from './traffic-picture.tsx';

/** The panel of the built-in pair: its traffic, its state in words, and everything that can be moved. */
export function DemoPage() {
  const { t } = useWords();
  const world = useView((view) => view.world);
  const demo = useDemo(({ view }) => view);
  return (
    <Page>
      <PageHead title={t('page.demo')} />
      <CommandProblem />
      {demo !== null && <TrafficPicture view={demo} />}
      {world !== null && (
        <>
          <PairWords world={world} />
          <DemoActions world={world} />
        </>
      )}
      {demo !== null && (
        <>
          <Moves view={demo} />
          <footer>
            <span className="demo-foot">
              {t('demo.front', { front: demo.front ?? '?' })}
              {demo.timeScale > 1 && ` · ${t('demo.fast', { times: demo.timeScale })}`}
            </span>
            <button type="button" className="link" onClick={() => void bridge.call('shell.quit', {})}>
              {t('demo.end')}
            </button>
          </footer>
        </>
      )}
    </Page>
  );
}

import { showsDemo } from '../../src-shared/world/state-sentence.ts';
import { useDemo } from '../demo/demo-store.ts';
import { openPage, useView } from '../view-store.ts';
import { useWords } from '../words.ts';

/** Stands on every page while the cluster is the built-in demo: nobody may take it for Kubernetes. */
export function DemoStrip() {
  const { t } = useWords();
  const demo = useView((view) => view.world !== null && showsDemo(view.world));
  const hasPanel = useDemo(({ view }) => view !== null);
  const isHere = useView(({ page }) => page === 'demo');
  if (!demo) return null;
  return (
    <p className="demo-strip">
      {t('sentence.demo')}
      {hasPanel && !isHere && (
        <>
          {' · '}
          <button type="button" className="link" onClick={() => openPage('demo')}>
            {t('demo.open')}
          </button>
        </>
      )}
    </p>
  );
}

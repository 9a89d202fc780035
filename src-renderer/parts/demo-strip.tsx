import { showsDemo } from '../../src-shared/world/state-sentence.ts';
import { useView } from '../view-store.ts';
import { useWords } from '../words.ts';

/** Stands on every page while the cluster is the built-in demo: nobody may take it for Kubernetes. */
export function DemoStrip() {
  const { t } = useWords();
  const demo = useView((view) => view.world !== null && showsDemo(view.world));
  return demo ? <p className="demo-strip">{t('sentence.demo')}</p> : null;
}

import { useEffect, useState } from 'react';
import type { TandemError } from '../../src-shared/errors/result.ts';
import { errorSentences } from '../../src-shared/language/translate.ts';
import type { PodReport } from '../../src-shared/pod-report.ts';
import type { Cluster, Workload } from '../../src-shared/world/clusters.ts';
import { systemPodsInTrouble } from '../../src-shared/world/system-pods.ts';
import { bridge } from '../bridge.ts';
import { useWords } from '../words.ts';
import { PodReportView } from './pod-report-view.tsx';

/** The cluster's own pods that fail or find no node; each opens to its log and events. */
export function PodsCard(props: {
  readonly cluster: Cluster;
  /** `NAMESPACE/NAME` of the one that was asked for; without it, one alone is open. */
  readonly opened: string | null;
}) {
  const { cluster, opened } = props;
  const { t } = useWords();
  const pods = systemPodsInTrouble(cluster.workload);
  if (pods.length === 0) return null;
  return (
    <section className="card" aria-labelledby="pods-title">
      <header className="card-head">
        <h2 id="pods-title">{t('pods.title')}</h2>
      </header>
      <ul className="breaks">
        {pods.map((pod) => (
          <li key={pod.name}>
            <Pod
              cluster={cluster.name}
              pod={pod}
              isOpened={opened === null ? pods.length === 1 : pod.name === opened}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Pod(props: {
  readonly cluster: string;
  readonly pod: Workload['worst'][number];
  readonly isOpened: boolean;
}) {
  const { cluster, pod, isOpened } = props;
  const { t } = useWords();
  const [isOpen, setOpen] = useState(isOpened);
  const facts = [
    pod.why ?? t('pod.notReady'),
    pod.restarts > 0 && t('pod.restarts', { count: pod.restarts }),
  ];
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className="glyph bad" aria-hidden>
          ✕
        </span>
        <span className="what">
          <b>{pod.name}</b>
          <small>{facts.filter(Boolean).join(' · ')}</small>
        </span>
      </summary>
      {isOpen && <Report cluster={cluster} pod={pod.name} />}
    </details>
  );
}

type Loaded = { readonly report: PodReport } | { readonly error: TandemError } | null;

/** Asked for when it is opened, and again when somebody says so. */
function Report(props: { readonly cluster: string; readonly pod: string }) {
  const [asked, setAsked] = useState(1);
  return <Asked key={asked} {...props} onAgain={() => setAsked(asked + 1)} />;
}

function Asked(props: { readonly cluster: string; readonly pod: string; onAgain(): void }) {
  const { cluster, pod, onAgain } = props;
  const { t } = useWords();
  const [loaded, setLoaded] = useState<Loaded>(null);
  useEffect(() => {
    let current = true;
    void bridge.call('cluster.logs', { name: cluster, pod }).then((result) => {
      if (current) setLoaded(result.ok ? { report: result.value } : { error: result.error });
      return result.ok;
    });
    return () => {
      current = false;
    };
  }, [cluster, pod]);
  if (loaded === null) return <output className="dim break-body">{t('pod.reading')}</output>;
  return (
    <div className="break-body">
      {'error' in loaded ? <Problem error={loaded.error} /> : <PodReportView report={loaded.report} />}
      <button type="button" className="link more" onClick={onAgain}>
        {t('pod.again')}
      </button>
    </div>
  );
}

function Problem({ error }: { readonly error: TandemError }) {
  const { t } = useWords();
  const { message, hint } = errorSentences(error, t);
  return (
    <>
      <p className="bad">{message}</p>
      <p>{hint}</p>
    </>
  );
}

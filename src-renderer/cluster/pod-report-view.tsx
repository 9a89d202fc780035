import type { PodContainer, PodReport } from '../../src-shared/pod-report.ts';
import { containerSentences, logSentence } from '../../src-shared/world/pod-sentence.ts';
import { formatTime } from '../../src-shared/world/sentence.ts';
import { useNow } from '../parts/use-now.ts';
import { useWords } from '../words.ts';

/** What a pod says of its trouble: each container with the last of its log, then the events. */
export function PodReportView({ report }: { readonly report: PodReport }) {
  const { t } = useWords();
  return (
    <>
      {report.node !== null && <p className="dim">{t('pod.node', { node: report.node })}</p>}
      {report.containers.map((container) => (
        <Container key={container.name} container={container} />
      ))}
      <Events events={report.events} />
    </>
  );
}

function Container({ container }: { readonly container: PodContainer }) {
  const { t, say } = useWords();
  const { name, message, log } = container;
  const facts = containerSentences(container).map(say);
  return (
    <>
      <p>
        <b>{name}</b> <span className="dim">{facts.join(' · ')}</span>
      </p>
      {message !== null && message !== '' && <p className="dim">{message}</p>}
      <p className="dim">{say(logSentence(container))}</p>
      {log !== null && log !== '' && (
        <section
          className="log"
          aria-label={t('pod.log.of', { name })}
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard
          tabIndex={0}
          ref={showEnd}
        >
          <pre>{log}</pre>
        </section>
      )}
    </>
  );
}

/** The newest lines are the last ones. */
function showEnd(element: HTMLElement | null): void {
  if (element !== null) element.scrollTop = element.scrollHeight;
}

function Events({ events }: Pick<PodReport, 'events'>) {
  const { t } = useWords();
  const now = new Date(useNow());
  if (events === null) return <p className="dim">{t('pod.events.unknown')}</p>;
  if (events.length === 0) return <p className="dim">{t('pod.events.none')}</p>;
  return (
    <>
      <p className="dim">{t('pod.events')}</p>
      <ul className="events">
        {events.map(({ at, type, reason, message, count }) => (
          <li key={`${reason} ${message} ${at}`}>
            <b className={type === 'Warning' ? 'warn' : undefined}>{reason}</b>
            <span className="dim">
              {[at !== null && formatTime(at, now), count > 1 && t('pod.event.times', { count })]
                .filter(Boolean)
                .join(' · ')}
            </span>
            <p>{message}</p>
          </li>
        ))}
      </ul>
    </>
  );
}

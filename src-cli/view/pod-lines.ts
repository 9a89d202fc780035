import type { PodReport } from '../../src-shared/pod-report.ts';
import { containerSentences, logSentence } from '../../src-shared/world/pod-sentence.ts';
import { formatTime, say, type Speaking } from '../../src-shared/world/sentence.ts';

/** What a pod in trouble says, as lines: each container with the last of its log, then the events. */
export function podLines(report: PodReport, speaking: Speaking): string[] {
  const { pod, node, containers } = report;
  const title = node === null ? pod : speaking.t('pod.on', { pod, node });
  return [
    title,
    ...containers.flatMap((one) => containerLines(one, speaking)),
    ...eventLines(report, speaking),
  ];
}

function containerLines(container: PodReport['containers'][number], speaking: Speaking): string[] {
  const { name, message, log } = container;
  const facts = containerSentences(container).map((one) => say(one, speaking));
  return [
    '',
    `${name}: ${facts.join(' · ')}`,
    ...(message === null || message === '' ? [] : [`  ${message}`]),
    `  ${say(logSentence(container), speaking)}`,
    ...(log ?? '').split('\n').flatMap((line) => (line === '' ? [] : [`    ${line}`])),
  ];
}

function eventLines({ events }: PodReport, { t, now }: Speaking): string[] {
  if (events === null) return ['', t('pod.events.unknown')];
  if (events.length === 0) return ['', t('pod.events.none')];
  return [
    '',
    t('pod.events'),
    ...events.map(({ at, reason, message, count }) => {
      const time = at === null ? '' : `${formatTime(at, now)}  `;
      const often = count > 1 ? ` (${t('pod.event.times', { count })})` : '';
      return `  ${time}${reason}${often}: ${message}`;
    }),
  ];
}

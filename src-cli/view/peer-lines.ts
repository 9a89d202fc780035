import { formatBytes, formatGigabytes } from '../../src-shared/units.ts';
import type { LinkBreak, OwnLink, Peer } from '../../src-shared/world/peer.ts';
import {
  breakWords,
  classDetail,
  clusterSentence,
  evidenceGroups,
  isOld,
  likelySentence,
  linkSentence,
  seenSentence,
  toldSentence,
  type EvidenceGroup,
} from '../../src-shared/world/peer-sentence.ts';
import { formatTime, say, type Speaking } from '../../src-shared/world/sentence.ts';
import type { Vitals } from '../../src-shared/world/vitals.ts';
import { padded } from './columns.ts';

const LABEL_WIDTH = 10;

/** The other Mac in a few lines: the link, what it told of itself, and while something is broken the evidence. */
export function peerLines(peer: Peer, atIso: string, speaking: Speaking): string[] {
  const { t, now } = speaking;
  const told = toldSentence(peer, atIso, now.getTime());
  const clusters = peer.clusters ?? [];
  const age = [
    ...(isOld(peer) ? [say(seenSentence(peer, atIso, now.getTime()), speaking)] : []),
    ...(told === null ? [] : [say(told, speaking)]),
  ].join(' · ');
  return [
    `${peer.name} (${t(`peer.role.${peer.role}`)})${age === '' ? '' : ` · ${age}`}`,
    row(t('label.link'), linkText(peer, speaking)),
    ...(peer.vitals === null ? [] : vitalsLines(peer.vitals, speaking)),
    ...clusters.map((one) => row(t('label.cluster'), `${one.name} · ${say(clusterSentence(one), speaking)}`)),
    ...brokenLines(peer, speaking),
  ];
}

function linkText(peer: Peer, speaking: Speaking): string {
  const { quality } = peer;
  const words = say(linkSentence(peer), speaking);
  return quality === null
    ? words
    : `${words} · ${speaking.t('peer.quality', { quality: speaking.t(`quality.${quality}`) })}`;
}

function vitalsLines({ memory, battery, thermal }: Vitals, { t }: Speaking): string[] {
  const unknown = t('value.unknown');
  return [
    row(
      t('label.memory'),
      memory === null
        ? unknown
        : `${formatGigabytes(memory.usedBytes)} / ${formatBytes(memory.totalBytes)}${
            memory.level === null ? '' : ` · ${t(`pressure.${memory.level}`)}`
          }`,
    ),
    ...(battery === null
      ? []
      : [
          row(
            t('label.battery'),
            battery.percent === null
              ? unknown
              : `${Math.round(battery.percent)} % · ${t(`battery.${battery.state}`)}`,
          ),
        ]),
    row(t('label.heat'), thermal?.level == null ? unknown : t('cli.status.heat', { level: thermal.level })),
  ];
}

function brokenLines(
  { link, class: breakClass, likely, evidence, name }: Peer,
  speaking: Speaking,
): string[] {
  if (breakClass === null || link === 'left' || link === 'never') return [];
  return [
    ...(likely === null ? [] : [`  ${say(likelySentence(likely), speaking)}`]),
    ...evidenceLines(evidenceGroups(evidence, name), speaking),
    `  ${say(classDetail(breakClass, name), speaking)}`,
  ];
}

/** `This Mac: the router answers in 2 ms; …`, a line for each pair of eyes. */
export function evidenceLines(groups: readonly EvidenceGroup[], speaking: Speaking): string[] {
  return groups.map(
    ({ label, lines }) => `  ${say(label, speaking)}: ${lines.map((line) => say(line, speaking)).join('; ')}`,
  );
}

/** This Mac's own end. */
export function ownLinkLines(link: OwnLink, { t }: Speaking): string[] {
  const listening =
    link.listening === null
      ? t('cli.peer.notListening')
      : t('cli.peer.listening', { address: link.listening });
  const router = link.router === null ? '' : ` · ${t('cli.peer.router', { router: link.router })}`;
  return [
    row(t('label.address'), listening),
    row(t('cli.peer.network'), `${t(`network.word.${link.network}`)}${router}`),
    ...(link.recording === null ? [] : [`  ${t('cli.peer.recording', { file: link.recording })}`]),
  ];
}

/** A break: when, what, how long, and what it rests on. */
export function breakLines(one: LinkBreak, name: string, speaking: Speaking): string[] {
  const words = breakWords(one, name);
  const part = (text: Parameters<typeof say>[0]): string => say(text, speaking);
  return [
    `${formatTime(one.startedAt, speaking.now)}  ${part(words.title)} · ${part(words.lasted)}`,
    ...(words.likely === null ? [] : [`  ${part(words.likely)}`]),
    ...(words.corrected === null ? [] : [`  ${part(words.corrected)}`]),
    ...evidenceLines(words.groups, speaking),
    `  ${part(words.decided)}`,
  ];
}

function row(label: string, value: string): string {
  return `  ${padded(label, LABEL_WIDTH)}${value}`;
}

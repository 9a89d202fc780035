import { useState } from 'react';
import type { OwnLink, Peer } from '../../src-shared/world/peer.ts';
import { linkSentence } from '../../src-shared/world/peer-sentence.ts';
import { Page } from '../parts/page.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { NetworkQuestion } from '../pair/network-question.tsx';
import { UnpairQuestion } from '../pair/unpair-question.tsx';
import { useUnpair } from '../pair/use-unpair.ts';
import { CommandProblem } from '../popover/command-problem.tsx';
import { openPage, useView } from '../view-store.ts';
import { useWords } from '../words.ts';
import { BreaksList } from './breaks-list.tsx';
import { GapPicture } from './gap-picture.tsx';
import { TunnelRow } from './tunnel-row.tsx';

/** The link by itself: how it is, how it was, and what broke it. */
export function LinkPage() {
  const { t } = useWords();
  const peer = useView((view) => view.world?.peer ?? null);
  const link = useView((view) => view.world?.link ?? null);
  return (
    <Page>
      <PageHead title={t('page.link')} />
      <CommandProblem />
      {peer === null || link === null ? (
        <button type="button" className="link pair-row" onClick={() => openPage('pairing')}>
          {t('peer.unpaired.row')}
        </button>
      ) : (
        <>
          <NetworkQuestion link={link} paired />
          <LinkFacts peer={peer} link={link} />
          <TunnelRow />
          <GapPicture />
          {/* Read anew when the link changed: a break may have begun, or ended. */}
          <BreaksList key={peer.link} name={peer.name} />
          <Unpair name={peer.name} />
        </>
      )}
    </Page>
  );
}

function LinkFacts({ peer, link }: { readonly peer: Peer; readonly link: OwnLink }) {
  const { t, say } = useWords();
  const rows: readonly (readonly [string, string])[] = [
    [t('link.address'), peer.address ?? t('value.unknown')],
    [t('link.listening'), link.listening ?? t('link.notListening')],
    [t('link.version'), peer.version ?? t('value.unknown')],
    [t('link.fingerprint'), fingerprint(peer.pin)],
  ];
  return (
    <section className="card" aria-labelledby="link-title">
      <header className="card-head">
        <h2 id="link-title">{peer.name}</h2>
        <span className="tag">{t(`peer.role.${peer.role}`)}</span>
        <span className={`state ${toneOf(peer)} sentence`}>{say(linkSentence(peer))}</span>
      </header>
      <dl className="facts">
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function toneOf({ link }: Peer): string {
  if (link === 'up') return 'ok';
  return link === 'suspect' ? 'warn' : link === 'down' ? 'bad' : 'dim';
}

/** The first 64 bits, in groups that two people can compare. */
function fingerprint(pin: string): string {
  return (
    pin
      .slice(0, 16)
      .match(/.{1,4}/g)
      ?.join(' ') ?? pin
  );
}

/** Asked before it is done: both Macs forget each other. */
function Unpair({ name }: { readonly name: string }) {
  const { t } = useWords();
  const unpairing = useUnpair(() => openPage('state'));
  const [asking, setAsking] = useState(false);
  if (asking) return <UnpairQuestion name={name} unpairing={unpairing} onKeep={() => setAsking(false)} />;
  return (
    <div className="buttons">
      <button type="button" className="button" onClick={() => setAsking(true)}>
        {t('link.unpair')}
      </button>
    </div>
  );
}

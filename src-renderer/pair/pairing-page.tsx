import { useState } from 'react';
import type { Pairing } from '../../src-shared/world/peer.ts';
import { Page } from '../parts/page.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { CommandProblem } from '../popover/command-problem.tsx';
import { useCommand } from '../run-command.ts';
import { openPage, useView } from '../view-store.ts';
import { useWords } from '../words.ts';
import { Compare } from './pairing-compare.tsx';
import { PairingBegin } from './pairing-begin.tsx';
import { Calling, Done, Failed, Listening } from './pairing-stages.tsx';
import { UnpairQuestion } from './unpair-question.tsx';
import { useUnpair } from './use-unpair.ts';

/** Two Macs get to know each other: wait or call, compare six digits, done. */
export function PairingPage() {
  const { t } = useWords();
  const pairing = useView((view) => view.world?.link.pairing ?? null);
  const peer = useView((view) => view.world?.peer ?? null);
  // What has ended stays in the World until the next one; a person may put it away before.
  const [putAway, setPutAway] = useState<string | null>(null);
  const current = pairing !== null && idOf(pairing) !== putAway ? pairing : null;
  return (
    <Page>
      <PageHead title={t('page.pairing')} />
      <CommandProblem />
      {/* The stage is told as it changes; the region itself stays, or nobody would hear it. */}
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an output may not hold headings and buttons */}
      <div className="pairing" role="status" aria-live="polite">
        {current !== null && <Stage pairing={current} onPutAway={() => setPutAway(idOf(current))} />}
        {current === null && peer !== null && <p className="dim">{t('pair.paired', { name: peer.name })}</p>}
      </div>
      {current === null && peer === null && <PairingBegin />}
    </Page>
  );
}

function Stage({ pairing, onPutAway }: { readonly pairing: Pairing; onPutAway(): void }) {
  const { run, running } = useCommand();
  const cancel = (): void => void run('pair.cancel', {});
  switch (pairing.stage) {
    case 'listening':
      return <Listening pairing={pairing} running={running} onCancel={cancel} />;
    case 'dialling':
      return <Calling pairing={pairing} running={running} onCancel={cancel} />;
    case 'compare':
    case 'waiting':
      return (
        <Compare
          pairing={pairing}
          running={running}
          onAnswer={(same) => void run('pair.answer', { same })}
          onCancel={cancel}
        />
      );
    case 'done':
      return (
        <Done
          pairing={pairing}
          onClose={() => {
            onPutAway();
            openPage('state');
          }}
        />
      );
    case 'failed':
      return <FailedPairing pairing={pairing} onPutAway={onPutAway} />;
  }
}

/** The pairing that is in the way may be one with a core that is gone: an edge that serves is asked about again. */
function FailedPairing({ pairing, onPutAway }: { readonly pairing: Pairing; onPutAway(): void }) {
  const { t } = useWords();
  const peer = useView((view) => view.world?.peer ?? null);
  const unpairing = useUnpair(onPutAway);
  const { running, isServing, unpair } = unpairing;
  const name = pairing.peerName ?? peer?.name ?? t('peer.other');
  if (isServing) return <UnpairQuestion name={name} unpairing={unpairing} onKeep={() => undefined} />;
  return <Failed pairing={pairing} running={running} onAgain={onPutAway} onForget={unpair} />;
}

/** One pairing, and one end of it: the World has no other name for it. */
function idOf({ side, expiresAt, stage }: Pairing): string {
  return `${side} ${expiresAt} ${stage === 'failed' || stage === 'done' ? stage : 'open'}`;
}

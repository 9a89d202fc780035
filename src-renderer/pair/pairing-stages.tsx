import { errorSentences } from '../../src-shared/language/translate.ts';
import type { Pairing } from '../../src-shared/world/peer.ts';
import { ProblemBox } from '../parts/problem-box.tsx';
import { useWords } from '../words.ts';
import { SecondsLeft } from './seconds-left.tsx';

interface Waits {
  readonly pairing: Pairing;
  readonly running: boolean;
  onCancel(): void;
}

/** This Mac waits; its address stands there for a person who types it on the other one. */
export function Listening({ pairing, running, onCancel }: Waits) {
  const { t } = useWords();
  return (
    <section className="card form" aria-labelledby="pair-listening">
      <h2 id="pair-listening">{t('pair.listening')}</h2>
      <p className="dim">{t('pair.listening.about')}</p>
      <p className="own-address">{pairing.listening ?? t('value.unknown')}</p>
      <SecondsLeft expiresAt={pairing.expiresAt} />
      <CancelButton running={running} onCancel={onCancel} />
    </section>
  );
}

export function Calling({ pairing, running, onCancel }: Waits) {
  const { t } = useWords();
  return (
    <section className="card form" aria-labelledby="pair-calling">
      <h2 id="pair-calling">{t('pair.dialling')}</h2>
      <SecondsLeft expiresAt={pairing.expiresAt} />
      <CancelButton running={running} onCancel={onCancel} />
    </section>
  );
}

function CancelButton({ running, onCancel }: Omit<Waits, 'pairing'>) {
  const { t } = useWords();
  return (
    <div className="buttons">
      <button type="button" className="button" disabled={running} onClick={onCancel}>
        {t('pair.cancel')}
      </button>
    </div>
  );
}

export function Done({ pairing, onClose }: { readonly pairing: Pairing; onClose(): void }) {
  const { t } = useWords();
  return (
    <section className="card form" aria-labelledby="pair-done">
      <h2 id="pair-done">
        <span className="ok" aria-hidden>
          {'✓ '}
        </span>
        {t('pair.done', { name: pairing.peerName ?? t('peer.other') })}
      </h2>
      <p className="dim">{t('pair.done.about')}</p>
      <div className="buttons">
        <button type="button" className="button primary" onClick={onClose}>
          {t('pair.close')}
        </button>
      </div>
    </section>
  );
}

/** Why it failed and what to do; another key than at the last pairing is a case of its own. */
export function Failed(props: {
  readonly pairing: Pairing;
  readonly running: boolean;
  onAgain(): void;
  onForget(): void;
}) {
  const { pairing, running, onAgain, onForget } = props;
  const { t } = useWords();
  const error: NonNullable<Pairing['error']> = pairing.error ?? { code: 'pairingBroken', params: {} };
  const { message, hint } = errorSentences(error, t);
  // The pairing that is in the way may be the other Mac's, which only a person there can end.
  const isHere = error.params['why'] !== 'there';
  const forgets = error.code === 'peerKeyChanged' || (error.code === 'alreadyPaired' && isHere);
  return (
    <>
      <ProblemBox tone={error.code === 'peerKeyChanged' ? 'bad' : 'warn'} title={message}>
        <p>{hint}</p>
      </ProblemBox>
      <div className="buttons">
        {forgets && (
          <button type="button" className="button danger" disabled={running} onClick={onForget}>
            {pairing.peerName === null ? t('pair.forget.this') : t('pair.forget', { name: pairing.peerName })}
          </button>
        )}
        <button type="button" className="button" onClick={onAgain}>
          {t('pair.again')}
        </button>
      </div>
    </>
  );
}

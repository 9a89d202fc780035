import { useEffect, useRef } from 'react';
import type { Pairing } from '../../src-shared/world/peer.ts';
import { useWords } from '../words.ts';
import { SecondsLeft } from './seconds-left.tsx';

/** The digits, large, and the question; the answer that is under the finger is "Different". */
export function Compare(props: {
  readonly pairing: Pairing;
  readonly running: boolean;
  onAnswer(same: boolean): void;
  onCancel(): void;
}) {
  const { pairing, running, onAnswer, onCancel } = props;
  const { t } = useWords();
  const name = pairing.peerName ?? t('peer.other');
  const waiting = pairing.stage === 'waiting';
  return (
    <section className="card form" aria-labelledby="pair-question">
      <h2 id="pair-question">{t(waiting ? 'pair.waiting' : 'pair.compare', { name })}</h2>
      <Digits digits={pairing.digits ?? ''} />
      <p className="dim">{t(waiting ? 'pair.waiting.about' : 'pair.compare.about')}</p>
      <Becomes pairing={pairing} name={name} />
      <SecondsLeft expiresAt={pairing.expiresAt} />
      {waiting ? (
        <div className="buttons">
          <button type="button" className="button" disabled={running} onClick={onCancel}>
            {t('pair.cancel')}
          </button>
        </div>
      ) : (
        <Answers running={running} onAnswer={onAnswer} />
      )}
    </section>
  );
}

/** Read digit by digit: "48 thousand" cannot be compared with another screen. */
export function Digits({ digits }: { readonly digits: string }) {
  const { t } = useWords();
  const spaced = (part: string): string => part.replace(/\B/g, ' ');
  const spoken = `${spaced(digits.slice(0, 3))}, ${spaced(digits.slice(3))}`;
  return (
    <p className="digits">
      <span className="visually-hidden">{`${t('pair.digits')}: ${spoken}`}</span>
      <span aria-hidden>{digits.slice(0, 3)}</span>
      <span aria-hidden>{digits.slice(3)}</span>
    </p>
  );
}

function Answers({ running, onAnswer }: { readonly running: boolean; onAnswer(same: boolean): void }) {
  const { t } = useWords();
  const different = useRef<HTMLButtonElement>(null);
  // After the page itself has chosen its first control.
  useEffect(() => queueMicrotask(() => different.current?.focus({ preventScroll: true })), []);
  return (
    <div className="buttons answers">
      <button type="button" className="button" disabled={running} onClick={() => onAnswer(true)}>
        {t('pair.same')}
      </button>
      <button
        type="button"
        ref={different}
        className="button primary"
        disabled={running}
        onClick={() => onAnswer(false)}
      >
        {t('pair.different')}
      </button>
    </div>
  );
}

function Becomes({ pairing, name }: { readonly pairing: Pairing; readonly name: string }) {
  const { t } = useWords();
  const { role } = pairing;
  if (role === null || role === 'single') return null;
  const other = role === 'core' ? 'edge' : 'core';
  return (
    <dl className="facts">
      <div>
        <dt>{t('pair.becomes')}</dt>
        <dd>{t(`pair.role.${role}`)}</dd>
      </div>
      <div>
        <dt>{t('pair.becomes.other', { name })}</dt>
        <dd>{t(`pair.role.${other}`)}</dd>
      </div>
    </dl>
  );
}

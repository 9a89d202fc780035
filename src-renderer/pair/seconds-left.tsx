import { durationIn } from '../../src-shared/language/translate.ts';
import { useNow } from '../parts/use-now.ts';
import { useWords } from '../words.ts';

/** How long a pairing still goes on. Not read aloud each second. */
export function SecondsLeft({ expiresAt }: { readonly expiresAt: string }) {
  const { t } = useWords();
  const nowMs = useNow(1000);
  const leftMs = Math.max(0, Date.parse(expiresAt) - nowMs);
  return (
    <p className="dim seconds-left" role="timer" aria-live="off">
      {t('pair.left', { left: durationIn(t, leftMs) })}
    </p>
  );
}

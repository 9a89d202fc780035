import { useEscape } from '../parts/use-escape.ts';
import { useWords } from '../words.ts';
import type { Unpairing } from './use-unpair.ts';

/** Asked before it is done, and once more while the edge serves: what it holds would be cut. */
export function UnpairQuestion(props: {
  readonly name: string;
  readonly unpairing: Unpairing;
  onKeep(): void;
}) {
  const { name, onKeep } = props;
  const { running, isServing, unpair, keep } = props.unpairing;
  const { t } = useWords();
  const end = (): void => {
    keep();
    onKeep();
  };
  useEscape(end);
  return (
    // Another question: the focus goes back to its harmless answer.
    <section key={String(isServing)} className="card form" aria-labelledby="unpair-question">
      <p id="unpair-question">{t(isServing ? 'link.unpair.serves' : 'link.unpair.ask', { name })}</p>
      <div className="buttons">
        <button
          type="button"
          className="button"
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the harmless answer is under the finger
          autoFocus
          onClick={end}
        >
          {t('link.unpair.no')}
        </button>
        <button type="button" className="button danger" disabled={running} onClick={unpair}>
          {t(isServing ? 'link.unpair.anyway' : 'link.unpair.yes')}
        </button>
      </div>
    </section>
  );
}

import { useEffect, useId, useRef, useState } from 'react';
import type { ProviderName } from '../../src-shared/world/clusters.ts';
import { useEscape } from '../parts/use-escape.ts';
import { useCommand } from '../run-command.ts';
import { useWords } from '../words.ts';

/** What the memory guard refused, as it was chosen. */
export type Refused =
  | { readonly verb: 'start'; readonly name: string }
  | {
      readonly verb: 'create';
      readonly name: string;
      readonly provider: ProviderName;
      readonly nodes: number;
    };

/** A start that the memory guard refused is forced only by somebody who types the cluster's name. */
export function StartAnyway({ refused, onEnd }: { readonly refused: Refused; onEnd(): void }) {
  const { verb, ...input } = refused;
  const { name } = input;
  const { t } = useWords();
  const { run } = useCommand();
  const [typed, setTyped] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => field.current?.focus(), []);
  useEscape(onEnd);
  const start = (): void => {
    onEnd();
    void run(`cluster.${verb}`, { ...input, force: true });
  };
  return (
    <form
      className="card form"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed === name) start();
      }}
    >
      <label htmlFor={id}>{t('anyway.question', { name })}</label>
      <input
        id={id}
        ref={field}
        value={typed}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
      />
      <p className="dim">{t('anyway.risk')}</p>
      <div className="buttons">
        <button type="button" className="button" onClick={onEnd}>
          {t('anyway.back')}
        </button>
        <button type="submit" className="button danger" disabled={typed !== name}>
          {t('anyway.start')}
        </button>
      </div>
    </form>
  );
}

import { useState } from 'react';
import { useCommand } from '../run-command.ts';
import { useWords } from '../words.ts';

/** Puts the kubeconfig on the clipboard. The shell does it: this page never sees what is in it. */
export function CopyKubeconfig({ name }: { readonly name: string }) {
  const { t } = useWords();
  const { run, running } = useCommand();
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    setCopied(false);
    setCopied(await run('shell.copyKubeconfig', { name }));
  };
  return (
    <div className="part">
      <div className="copy-row">
        <button type="button" className="button" disabled={running} onClick={() => void copy()}>
          {t('copy.kubeconfig')}
        </button>
        <output className="ok">{copied && `✓ ${t('copy.done')}`}</output>
      </div>
      {copied && <small>{t('copy.note')}</small>}
    </div>
  );
}

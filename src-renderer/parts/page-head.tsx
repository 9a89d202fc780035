import type { PopoverPage } from '../../src-shared/commands/shell.ts';
import { openPage } from '../view-store.ts';
import { useWords } from '../words.ts';
import { DemoStrip } from './demo-strip.tsx';
import { IconButton } from './icon-button.tsx';

/** The top of a second page: the way back, and its name. */
export function PageHead({ title, back = 'state' }: { readonly title: string; readonly back?: PopoverPage }) {
  const { t } = useWords();
  return (
    <>
      <header className="page-head">
        <IconButton shape="back" label={t('page.back')} onPress={() => openPage(back)} />
        <h1>{title}</h1>
      </header>
      <DemoStrip />
    </>
  );
}

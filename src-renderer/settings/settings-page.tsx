import { useMemo } from 'react';
import type { Settings } from '../../src-shared/settings.ts';
import { Page } from '../parts/page.tsx';
import { bridge } from '../bridge.ts';
import { PageHead } from '../parts/page-head.tsx';
import { useView } from '../view-store.ts';
import { useWords } from '../words.ts';
import { AutomationControls } from './automation-controls.tsx';
import { sections, type Section } from './sections.ts';
import { settingFields, type SettingField } from './setting-fields.ts';
import { SettingRow } from './setting-row.tsx';

/** The settings, drawn from their schema. Each is written when it is changed; there is nothing to save. */
export function SettingsPage() {
  const { t } = useWords();
  const settings = useView((view) => view.settings);
  const fields = useMemo(() => new Map(settingFields().map((field) => [field.key, field])), []);
  return (
    <Page>
      <PageHead title={t('page.settings')} />
      {settings === null ? (
        <p className="dim">{t('settings.unreachable')}</p>
      ) : (
        sections.map((section) => (
          <SectionCard key={section.id} section={section} settings={settings} fields={fields} />
        ))
      )}
      <div className="buttons">
        <button type="button" className="button" onClick={() => void bridge.call('shell.quit', {})}>
          {t('menu.quit')}
        </button>
      </div>
    </Page>
  );
}

interface SectionProps {
  readonly section: Section;
  readonly settings: Settings;
  readonly fields: ReadonlyMap<string, SettingField>;
}

function SectionCard({ section, settings, fields }: SectionProps) {
  const { t } = useWords();
  const rows = section.keys.flatMap((key) => {
    const field = fields.get(key);
    return field === undefined ? [] : [<SettingRow key={key} field={field} settings={settings} />];
  });
  if (section.folded)
    return (
      <details className="card form">
        <summary>
          <h2>{t(section.title)}</h2>
        </summary>
        {rows}
      </details>
    );
  return (
    <>
      <section className="card form" aria-labelledby={`settings-${section.id}`}>
        <h2 id={`settings-${section.id}`}>{t(section.title)}</h2>
        {rows}
      </section>
      {section.id === 'cluster' && <AutomationControls />}
    </>
  );
}

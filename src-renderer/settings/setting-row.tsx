import { useId, useState } from 'react';
import { errorSentences, isMessageKey, type MessageKey } from '../../src-shared/language/translate.ts';
import { restartKeys, settingAt, type Settings } from '../../src-shared/settings.ts';
import { bridge } from '../bridge.ts';
import { refreshSettings } from '../view-store.ts';
import { useWords } from '../words.ts';
import { checkSetting } from './setting-check.ts';
import { unitOf, type SettingField } from './setting-fields.ts';

/** One setting: its label, the control that fits its kind, and what is wrong with what was typed. */
export function SettingRow({
  field,
  settings,
}: {
  readonly field: SettingField;
  readonly settings: Settings;
}) {
  const { t } = useWords();
  const [problem, setProblem] = useState<string | null>(null);
  const [written, setWritten] = useState(false);
  const id = useId();
  const write = async (value: unknown): Promise<boolean> => {
    const wrong = checkSetting(settings, field.key, value, t);
    setProblem(wrong);
    if (wrong !== null) return false;
    const result = await bridge.call('settings.set', { key: field.key, value });
    if (!result.ok) {
      setProblem(errorSentences(result.error, t).message);
      return false;
    }
    setWritten(true);
    await refreshSettings();
    return true;
  };
  const unit = field.kind === 'number' ? unitOf(field.key) : null;
  return (
    <div className="setting">
      <div className="field-row">
        <label htmlFor={id}>{labelOf(field.key, t)}</label>
        <span className="control">
          <Control
            id={id}
            field={field}
            value={settingAt(settings, field.key)}
            problemId={problem === null ? null : `${id}-problem`}
            write={write}
          />
          {unit && <span className="unit">{t(`settings.unit.${unit}`)}</span>}
        </span>
      </div>
      {problem !== null && (
        <p className="field-problem" id={`${id}-problem`} role="alert">
          {problem}
        </p>
      )}
      {written && restartKeys.includes(field.key) && <p className="dim">{t('settings.needsRestart')}</p>}
    </div>
  );
}

function labelOf(key: string, t: ReturnType<typeof useWords>['t']): string {
  const label = `setting.${key}`;
  return isMessageKey(label) ? t(label) : key;
}

interface ControlProps {
  readonly id: string;
  readonly field: SettingField;
  readonly value: unknown;
  readonly problemId: string | null;
  /** True when it was written. */
  write(value: unknown): Promise<boolean>;
}

function Control({ id, field, value, problemId, write }: ControlProps) {
  const { t } = useWords();
  if (field.kind === 'toggle')
    return (
      <input
        id={id}
        type="checkbox"
        className="switch"
        checked={value === true}
        onChange={(event) => void write(event.target.checked)}
      />
    );
  if (field.kind === 'choice')
    return (
      <select id={id} value={String(value)} onChange={(event) => void write(event.target.value)}>
        {field.options.map((option) => (
          <option key={option} value={option}>
            {t(`setting.${field.key}.${option}` as MessageKey)}
          </option>
        ))}
      </select>
    );
  return <TypedControl id={id} field={field} value={value} problemId={problemId} write={write} />;
}

/** Text and numbers are written when the field is left or Enter is pressed; Escape gives the old value back. */
function TypedControl({ id, field, value, problemId, write }: ControlProps) {
  const stored = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const [draft, setDraft] = useState<string | null>(null);
  const isNumber = field.kind === 'number';
  const commit = async (): Promise<void> => {
    if (draft === null || draft === stored) return;
    if (await write(isNumber ? Number.parseFloat(draft) : draft.trim())) setDraft(null);
  };
  return (
    <input
      id={id}
      type="text"
      inputMode={isNumber ? 'decimal' : 'text'}
      className={isNumber ? 'short' : 'long'}
      value={draft ?? stored}
      spellCheck={false}
      autoComplete="off"
      aria-invalid={problemId !== null}
      {...(problemId === null ? {} : { 'aria-describedby': problemId })}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={() => void commit()}
      onKeyDown={(event) => {
        if (event.key === 'Enter') void commit();
        if (event.key !== 'Escape' || draft === null) return;
        event.preventDefault();
        setDraft(null);
      }}
    />
  );
}

import { useId, useState } from 'react';
import { isMessageKey } from '../../src-shared/language/translate.ts';
import type { ProviderName, ProviderStatus } from '../../src-shared/world/clusters.ts';
import type { World } from '../../src-shared/world/world.ts';
import { useCommand } from '../run-command.ts';
import { useWords } from '../words.ts';

/** Makes the first cluster: which tool, how many nodes. What cannot be used here says why. */
export function CreateForm(props: {
  readonly world: World;
  readonly refused: boolean;
  onAnyway(choice: { readonly provider: ProviderName; readonly nodes: number }): void;
}) {
  const { world, refused, onAnyway } = props;
  const { t } = useWords();
  const { run, running } = useCommand();
  const first = world.providers.find(({ available }) => available)?.provider ?? null;
  const [chosen, setChosen] = useState<ProviderName | null>(null);
  const [nodes, setNodes] = useState(1);
  const provider = chosen ?? first;
  return (
    <form
      className="card form"
      aria-labelledby="create-title"
      onSubmit={(event) => {
        event.preventDefault();
        if (provider !== null) void run('cluster.create', { name: world.primaryCluster, provider, nodes });
      }}
    >
      <h2 id="create-title">{t('create.title', { name: world.primaryCluster })}</h2>
      <fieldset>
        <legend className="visually-hidden">{t('create.provider')}</legend>
        {world.providers.map((status) => (
          <ProviderChoice
            key={status.provider}
            status={status}
            checked={status.provider === provider}
            onChoose={() => setChosen(status.provider)}
          />
        ))}
      </fieldset>
      <NodeCount nodes={nodes} onChoose={setNodes} />
      <div className="buttons">
        {refused && provider !== null && (
          <button type="button" className="button" onClick={() => onAnyway({ provider, nodes })}>
            {t('action.startAnyway')}
          </button>
        )}
        <button type="submit" className="button primary" disabled={provider === null || running}>
          {t('action.create')}
        </button>
      </div>
    </form>
  );
}

function NodeCount({ nodes, onChoose }: { readonly nodes: number; onChoose(nodes: number): void }) {
  const { t } = useWords();
  return (
    <label className="field-row">
      <span>{t('create.nodes')}</span>
      <select value={nodes} onChange={(event) => onChoose(Number(event.target.value))}>
        {[1, 2, 3].map((count) => (
          <option key={count}>{count}</option>
        ))}
      </select>
    </label>
  );
}

function ProviderChoice(props: {
  readonly status: ProviderStatus;
  readonly checked: boolean;
  onChoose(): void;
}) {
  const { provider, available, version, why } = props.status;
  const { t } = useWords();
  const id = useId();
  const reason = `why.${why ?? ''}`;
  const note = available
    ? t(`create.about.${provider}`)
    : isMessageKey(reason)
      ? t(reason, { name: provider, tool: provider })
      : (why ?? '');
  return (
    <div className={available ? 'choice' : 'choice off'}>
      <input
        id={id}
        type="radio"
        name="provider"
        checked={props.checked}
        disabled={!available}
        aria-describedby={`${id}-note`}
        onChange={props.onChoose}
      />
      <div>
        <label htmlFor={id}>{[t(`cluster.provider.${provider}`), version].filter(Boolean).join(' ')}</label>
        <small id={`${id}-note`}>{note}</small>
      </div>
    </div>
  );
}

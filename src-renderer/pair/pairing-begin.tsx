import { useEffect, useId, useState } from 'react';
import type { Output } from '../../src-shared/commands/registry.ts';
import { bridge } from '../bridge.ts';
import { useCommand } from '../run-command.ts';
import { useWords } from '../words.ts';

type Nearby = Output<'pair.nearby'>['found'];
const LOOK_MS = 3000;

/** Before a pairing: this Mac waits, or calls one that does. */
export function PairingBegin() {
  const { t } = useWords();
  const { run, running } = useCommand();
  const call = (host: string): void => void run('pair.dial', { host });
  return (
    <>
      <p className="dim">{t('pair.about')}</p>
      <section className="card form" aria-labelledby="pair-wait">
        <h2 id="pair-wait">{t('pair.wait.title')}</h2>
        <p className="dim">{t('pair.wait.about')}</p>
        <div className="buttons">
          <button
            type="button"
            className="button primary"
            disabled={running}
            onClick={() => void run('pair.open', {})}
          >
            {t('pair.wait')}
          </button>
        </div>
      </section>
      <section className="card form" aria-labelledby="pair-call">
        <h2 id="pair-call">{t('pair.call.title')}</h2>
        <NearbyMacs running={running} onCall={call} />
        <AddressForm running={running} onCall={call} />
      </section>
    </>
  );
}

interface Calls {
  readonly running: boolean;
  onCall(host: string): void;
}

/** Macs that wait on this network, looked for again and again while the page is open. */
function NearbyMacs({ running, onCall }: Calls) {
  const { t } = useWords();
  const found = useNearby();
  if (found.length === 0) return <p className="dim">{t('pair.nearby.none')}</p>;
  return (
    <ul className="others nearby" aria-label={t('pair.nearby.title')}>
      {found.map(({ name, host }) => (
        <li key={host}>
          <span className="name" title={name}>
            {name}
          </span>
          <span className="tag">{host}</span>
          <button
            type="button"
            className="button value"
            disabled={running}
            aria-label={t('pair.nearby.call', { name })}
            onClick={() => onCall(host)}
          >
            {t('pair.call')}
          </button>
        </li>
      ))}
    </ul>
  );
}

function AddressForm({ running, onCall }: Calls) {
  const { t } = useWords();
  const [typed, setTyped] = useState('');
  const id = useId();
  const host = typed.trim();
  return (
    <form
      className="field-row"
      onSubmit={(event) => {
        event.preventDefault();
        if (host !== '') onCall(host);
      }}
    >
      <label htmlFor={id}>{t('pair.call.address')}</label>
      <span className="control">
        <input
          id={id}
          type="text"
          className="long"
          value={typed}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setTyped(event.target.value)}
        />
        <button type="submit" className="button" disabled={running || host === ''}>
          {t('pair.call')}
        </button>
      </span>
    </form>
  );
}

function useNearby(): Nearby {
  const [found, setFound] = useState<Nearby>([]);
  useEffect(() => {
    let current = true;
    const look = async (): Promise<void> => {
      const result = await bridge.call('pair.nearby', {});
      if (current && result.ok) setFound(result.value.found);
    };
    void look();
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, []);
  return found;
}

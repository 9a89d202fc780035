import { useState } from 'react';
import type { Tunnel, TunnelOperation } from '../../src-shared/world/tunnel.ts';
import { Steps } from '../popover/steps.tsx';
import { useCommand } from '../run-command.ts';
import { useView } from '../view-store.ts';
import { useWords } from '../words.ts';
import { isForMesh, manageActions, type ManageAction } from './manage-view.ts';

const labels = {
  submariner: { broker: 'tunnel.broker', join: 'tunnel.join', leave: 'tunnel.leave' },
  cilium: { broker: 'tunnel.broker', join: 'tunnel.join.cilium', leave: 'tunnel.leave.cilium' },
} as const;

/** The steps of what is done to the tunnel now, and the way out of it. */
export function Course({ operation }: { readonly operation: TunnelOperation }) {
  const { t } = useWords();
  const { run, running } = useCommand();
  return (
    <section className="card" aria-labelledby="course-title">
      <header className="card-head">
        <h2 id="course-title">{t(`tunnel.course.${operation.verb}`)}</h2>
      </header>
      <Steps operation={operation} />
      <button
        type="button"
        className="link"
        disabled={running || operation.cancelling}
        onClick={() => void run('tunnel.cancel', {})}
      >
        {t(operation.cancelling ? 'tunnel.cancelling' : 'tunnel.cancel')}
      </button>
    </section>
  );
}

/** What may be done to the tunnel: broker and join where Submariner can be, leave where it is. */
export function Manage({ tunnel }: { readonly tunnel: Tunnel }) {
  const { t } = useWords();
  const { run, running } = useCommand();
  const role = useView((view) => view.world?.role ?? 'single');
  const [asked, setAsked] = useState<ManageAction | null>(null);
  const actions = manageActions(tunnel, role);
  if (actions.length === 0) return null;
  const offered = isForMesh(tunnel) ? 'cilium' : 'submariner';
  const act = (action: ManageAction): void => {
    // It takes the clusters apart: asked once more.
    if (action === 'leave' && asked !== 'leave') return setAsked('leave');
    setAsked(null);
    if (action === 'leave') void run('tunnel.leave', { yes: true });
    else void run(`tunnel.${action}`, {});
  };
  return (
    <section className="card" aria-label={t(`tunnel.kind.${offered}`)}>
      {tunnel.kind !== offered && (
        <header className="card-head">
          <h2>{t(`tunnel.kind.${offered}`)}</h2>
        </header>
      )}
      {asked === 'leave' && <p className="sentence">{t('cli.tunnel.leave.ask')}</p>}
      {actions.map((action) => (
        <button key={action} type="button" className="link" disabled={running} onClick={() => act(action)}>
          {t(asked === action ? 'tunnel.leave.sure' : labels[offered][action])}
        </button>
      ))}
      {asked !== null && (
        <button type="button" className="link" onClick={() => setAsked(null)}>
          {t('tunnel.leave.not')}
        </button>
      )}
    </section>
  );
}

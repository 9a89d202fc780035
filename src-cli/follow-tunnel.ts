import { durationIn } from '../src-shared/language/translate.ts';
import type { TunnelOperation } from '../src-shared/world/tunnel.ts';
import type { World } from '../src-shared/world/world.ts';
import type { VerbContext } from './verb.ts';
import { stepName } from './view/status-lines.ts';

export interface TunnelFollower {
  /** The last steps end together with the verb: what was not told yet is told from its record. */
  finish(): Promise<void>;
}

/** Tells the steps of what is done to the tunnel on standard error, and lets Ctrl-C cancel it. */
export async function followTunnel({ client, terminal }: VerbContext): Promise<TunnelFollower> {
  const told = new Set<string>();
  let lastStep = '';
  const tell = (step: string, elapsedMs: number, mark: string): void => {
    if (told.has(step)) return;
    told.add(step);
    terminal.note(`${mark} ${stepName(step, terminal.t)}  ${durationIn(terminal.t, elapsedMs)}`);
  };
  const tellJson = ({ verb, step, done, total, etaMs, detail }: TunnelOperation): void => {
    if (step === lastStep) return;
    lastStep = step;
    terminal.note(JSON.stringify({ progress: { verb, step, done, total, etaMs, detail } }));
  };
  client.on('status.changed', ({ tunnel }: World) => {
    const operation = tunnel?.operation ?? null;
    if (operation === null) return;
    if (terminal.json) return tellJson(operation);
    for (const { step, status, elapsedMs } of operation.steps)
      if (status === 'done' || status === 'failed') tell(step, elapsedMs ?? 0, status === 'done' ? '✓' : '✗');
  });
  await client.call('status.subscribe', { live: true });
  cancelOnInterrupt({ client, terminal });
  return {
    async finish() {
      if (terminal.json) return;
      const history = await client.call('history.list', { limit: 5 });
      const records = history.ok ? history.value.records : [];
      const steps = records.findLast(({ kind }) => /^tunnel\.(broker|join|leave)$/.test(kind))?.evidence[
        'steps'
      ];
      if (Array.isArray(steps))
        for (const [step, elapsedMs] of steps as [string, number][]) tell(step, elapsedMs, '✓');
    },
  };
}

/** The first Ctrl-C cancels, the second leaves it alone and ends. */
function cancelOnInterrupt({ client, terminal }: Pick<VerbContext, 'client' | 'terminal'>): void {
  let cancelled = false;
  process.on('SIGINT', () => {
    if (cancelled) process.exit(130);
    cancelled = true;
    terminal.note(terminal.t('cli.cancelling'));
    void client.call('tunnel.cancel', {});
  });
}

import { durationIn } from '../src-shared/language/translate.ts';
import type { Cluster, Operation } from '../src-shared/world/clusters.ts';
import type { World } from '../src-shared/world/world.ts';
import type { VerbContext } from './verb.ts';
import { stepName } from './view/status-lines.ts';

/** Tells an operation's steps on standard error while it runs, and lets Ctrl-C cancel it. */
export interface Follower {
  /** The last steps end together with the operation: what was not told yet is told from its record. */
  finish(name: string): Promise<void>;
}

export async function followOperation(context: VerbContext, name: string | undefined): Promise<Follower> {
  const { client, terminal } = context;
  const told = new Set<string>();
  let lastStep = '';
  const tell = (step: string, elapsedMs: number, done: boolean): void => {
    if (told.has(step)) return;
    told.add(step);
    terminal.note(`${done ? '✓' : '✗'} ${stepName(step, terminal.t)}  ${durationIn(terminal.t, elapsedMs)}`);
  };
  const tellJson = (cluster: string, { verb, step, done, total, etaMs }: Operation): void => {
    if (step !== lastStep)
      terminal.note(JSON.stringify({ progress: { name: cluster, verb, step, done, total, etaMs } }));
    lastStep = step;
  };
  client.on('status.changed', (world: World) => {
    // Without a name the engine chooses the cluster; whichever works is the one.
    const named = (cluster: Cluster): boolean =>
      cluster.name === name || (name === undefined && cluster.operation !== null);
    const { name: wanted, operation } = world.clusters.find(named) ?? { name: '', operation: null };
    if (operation === null) return;
    if (terminal.json) return tellJson(wanted, operation);
    for (const { step, status, elapsedMs } of operation.steps)
      if (status === 'done' || status === 'failed') tell(step, elapsedMs ?? 0, status === 'done');
  });
  await client.call('status.subscribe', { live: true });
  cancelOnInterrupt(context, name);
  return {
    async finish(cluster) {
      if (terminal.json) return;
      const history = await client.call('history.list', { limit: 1 });
      const evidence = history.ok ? (history.value.records.at(-1)?.evidence ?? {}) : {};
      if (evidence['name'] !== cluster || !Array.isArray(evidence['steps'])) return;
      for (const [step, elapsedMs] of evidence['steps'] as [string, number][]) tell(step, elapsedMs, true);
    },
  };
}

/** The first Ctrl-C cancels, the second leaves the operation alone and ends. */
function cancelOnInterrupt({ client, terminal }: VerbContext, name: string | undefined): void {
  let cancelled = false;
  process.on('SIGINT', () => {
    if (cancelled) process.exit(130);
    cancelled = true;
    terminal.note(terminal.t('cli.cancelling'));
    void client.call('cluster.cancel', name === undefined ? {} : { name });
  });
}

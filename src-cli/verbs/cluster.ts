import { durationIn } from '../../src-shared/language/translate.ts';
import type { Method } from '../../src-shared/commands/registry.ts';
import type { Cluster } from '../../src-shared/world/clusters.ts';
import type { World } from '../../src-shared/world/world.ts';
import { formatBytes } from '../../src-shared/units.ts';
import { ask } from '../ask.ts';
import type { Verb, VerbContext } from '../verb.ts';
import { stepName } from '../view/status-lines.ts';

type Acting = 'cluster.create' | 'cluster.start' | 'cluster.stop' | 'cluster.delete' | 'cluster.drain';

/** A verb that takes a while: its steps are told on standard error, and Ctrl-C cancels it. */
function acting<M extends Acting>(): Verb<M> {
  return {
    before: async (input, context) => {
      await follow(context, input);
      return input;
    },
    show: (cluster, { terminal }) => terminal.print(summary(cluster as Cluster, terminal.t)),
  };
}

export const clusterVerbs = {
  'cluster.create': acting<'cluster.create'>(),
  'cluster.start': acting<'cluster.start'>(),
  'cluster.stop': acting<'cluster.stop'>(),
  'cluster.drain': acting<'cluster.drain'>(),
  'cluster.delete': {
    ...acting<'cluster.delete'>(),
    before: async (input, context) => {
      if (
        !input.yes &&
        !(await ask(
          context.terminal.t('cli.delete.ask', {
            name: input.name ?? context.terminal.t('cli.delete.theCluster'),
          }),
        ))
      )
        return input;
      await follow(context, input);
      return { ...input, yes: true };
    },
  } satisfies Verb<'cluster.delete'>,
  'cluster.cancel': {
    show: (cluster, { terminal }) => terminal.print(summary(cluster, terminal.t)),
  } satisfies Verb<'cluster.cancel'>,
  'cluster.list': {
    show: ({ clusters }, { terminal }) => {
      if (clusters.length === 0) terminal.print(terminal.t('sentence.absent'));
      for (const cluster of clusters) terminal.print(summary(cluster, terminal.t));
    },
    document: ({ clusters }) => clusters,
  } satisfies Verb<'cluster.list'>,
  'cluster.admission': {
    show: (admission, { terminal: { print, t } }) => {
      print(t(`admission.${admission.verdict}`));
      for (const rule of admission.because) print(`  ${t(`admission.${rule}`)}`);
      const bytes = (value: number | null): string =>
        value === null ? t('value.unknown') : formatBytes(value);
      print(
        `  ${t('admission.numbers', { need: bytes(admission.needBytes), available: bytes(admission.availableBytes), fit: bytes(admission.wouldFitBytes) })}`,
      );
    },
  } satisfies Verb<'cluster.admission'>,
  'cluster.kubeconfig': {
    show: ({ kubeconfig }, { terminal }) => terminal.print(kubeconfig.trimEnd()),
  } satisfies Verb<'cluster.kubeconfig'>,
} satisfies { [M in Method]?: Verb<M> };

function summary(cluster: Cluster, t: VerbContext['terminal']['t']): string {
  return `${cluster.name} (${cluster.provider}) · ${t(`state.${cluster.state}`)}${cluster.provider === 'embedded' ? ` · ${t('sentence.demo')}` : ''}`;
}

/** Tells each step as it ends; with --json a document per change of step, both on standard error. */
async function follow(
  { client, terminal }: VerbContext,
  { name }: { name?: string | undefined },
): Promise<void> {
  let told = new Set<string>();
  let last = '';
  client.on('status.changed', (world: World) => {
    const wanted = name ?? world.primaryCluster;
    const operation = world.clusters.find((cluster) => cluster.name === wanted)?.operation;
    if (operation === undefined || operation === null) return;
    if (terminal.json) {
      const { verb, step, done, total, etaMs } = operation;
      if (last !== `${verb} ${step}`)
        terminal.note(JSON.stringify({ progress: { name: wanted, verb, step, done, total, etaMs } }));
      last = `${verb} ${step}`;
      return;
    }
    for (const { step, status, elapsedMs } of operation.steps) {
      const key = `${operation.startedAt} ${step}`;
      if ((status !== 'done' && status !== 'failed') || told.has(key)) continue;
      told = told.add(key);
      terminal.note(
        `${status === 'done' ? '✓' : '✗'} ${stepName(step, terminal.t)}  ${durationIn(terminal.t, elapsedMs ?? 0)}`,
      );
    }
  });
  await client.call('status.subscribe', { live: true });
  let cancelled = false;
  process.on('SIGINT', () => {
    if (cancelled) process.exit(130);
    cancelled = true;
    terminal.note(terminal.t('cli.cancelling'));
    void client.call('cluster.cancel', name === undefined ? {} : { name });
  });
}

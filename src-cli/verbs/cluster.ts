import type { Input, Method } from '../../src-shared/commands/registry.ts';
import { formatBytes } from '../../src-shared/units.ts';
import { vmSentence } from '../../src-shared/world/admission-sentence.ts';
import type { Cluster } from '../../src-shared/world/clusters.ts';
import { say } from '../../src-shared/world/sentence.ts';
import { ask } from '../ask.ts';
import { followOperation, type Follower } from '../follow-operation.ts';
import type { Verb, VerbContext } from '../verb.ts';
import { podLines } from '../view/pod-lines.ts';

type Acting = 'cluster.create' | 'cluster.start' | 'cluster.stop' | 'cluster.delete' | 'cluster.drain';

/** A verb that takes a while: its steps are told as they end. */
function acting<M extends Acting>(
  confirm: (input: Input<M>, context: VerbContext) => Promise<Input<M>> = async (input) => input,
): Verb<M> {
  let follower: Follower | null = null;
  return {
    before: async (input, context) => {
      const confirmed = await confirm(input, context);
      follower = await followOperation(context, input.name);
      return confirmed;
    },
    show: async (cluster, { terminal }) => {
      await follower?.finish(cluster.name);
      terminal.print(summary(cluster, terminal.t));
    },
  };
}

/** Without a yes the engine refuses it by name. */
async function confirmDelete(
  input: Input<'cluster.delete'>,
  { terminal: { t } }: VerbContext,
): Promise<Input<'cluster.delete'>> {
  const question = t('cli.delete.ask', { name: input.name ?? t('cli.delete.theCluster') });
  return input.yes === true || (await ask(question)) ? { ...input, yes: true } : input;
}

/** From then on it is stopped and started here: nothing that happens unasked. */
async function confirmAdopt(
  input: Input<'cluster.adopt'>,
  { terminal: { t } }: VerbContext,
): Promise<Input<'cluster.adopt'>> {
  return input.yes === true || (await ask(t('cli.adopt.ask', { name: input.name })))
    ? { ...input, yes: true }
    : input;
}

export const clusterVerbs = {
  'cluster.adopt': {
    before: confirmAdopt,
    show: (cluster, { terminal }) => terminal.print(summary(cluster, terminal.t)),
  } satisfies Verb<'cluster.adopt'>,
  'cluster.create': acting<'cluster.create'>(),
  'cluster.start': acting<'cluster.start'>(),
  'cluster.stop': acting<'cluster.stop'>(),
  'cluster.drain': acting<'cluster.drain'>(),
  'cluster.delete': acting<'cluster.delete'>(confirmDelete),
  'cluster.cancel': {
    show: (cluster, { terminal }) => terminal.print(summary(cluster, terminal.t)),
  } satisfies Verb<'cluster.cancel'>,
  'cluster.list': {
    show: ({ clusters, others }, { terminal: { print, t } }) => {
      if (clusters.length === 0) print(t('sentence.absent'));
      for (const cluster of clusters) print(summary(cluster, t));
      if (others.length === 0) return;
      print(t('cli.list.others'));
      for (const other of others) print(`  ${summary(other, t)}`);
      print(t('cli.list.adopt'));
    },
    document: ({ clusters }) => clusters,
  } satisfies Verb<'cluster.list'>,
  'cluster.admission': {
    show: (
      { verdict, because, needBytes, availableBytes, wouldFitBytes, vm },
      { terminal: { print, t } },
    ) => {
      const bytes = (value: number | null): string =>
        value === null ? t('value.unknown') : formatBytes(value);
      print(t(`admission.${verdict}`));
      for (const rule of because) print(`  ${t(`admission.${rule}`)}`);
      const numbers = { need: bytes(needBytes), available: bytes(availableBytes), fit: bytes(wouldFitBytes) };
      print(`  ${t('admission.numbers', numbers)}`);
      if (vm !== undefined) print(`  ${say(vmSentence(vm), { t, now: new Date() })}`);
    },
  } satisfies Verb<'cluster.admission'>,
  'cluster.kubeconfig': {
    show: ({ kubeconfig }, { terminal }) => terminal.print(kubeconfig.trimEnd()),
  } satisfies Verb<'cluster.kubeconfig'>,
  'cluster.logs': {
    show: (report, { terminal: { print, t } }) => {
      for (const line of podLines(report, { t, now: new Date() })) print(line);
    },
  } satisfies Verb<'cluster.logs'>,
} satisfies { [M in Method]?: Verb<M> };

function summary(
  { name, provider, state }: Pick<Cluster, 'name' | 'provider' | 'state'>,
  t: VerbContext['terminal']['t'],
): string {
  const demo = provider === 'embedded' ? ` · ${t('sentence.demo')}` : '';
  return `${name} (${provider}) · ${t(`state.${state}`)}${demo}`;
}

import type { Method } from '../../src-shared/commands/registry.ts';
import { ask } from '../ask.ts';
import type { Verb, VerbContext } from '../verb.ts';
import { breakLines, ownLinkLines, peerLines } from '../view/peer-lines.ts';

export const peerVerbs = {
  'peer.get': {
    show: ({ link, peer }, { terminal: { print, t } }) => {
      const now = new Date();
      const speaking = { t, now };
      const lines = peer === null ? [t('cli.peer.none')] : peerLines(peer, now.toISOString(), speaking);
      for (const line of [...lines, '', ...ownLinkLines(link, speaking)]) print(line);
      if (peer !== null) print(`  ${t('cli.pair.key', { pin: peer.pin })}`);
    },
  } satisfies Verb<'peer.get'>,
  'peer.breaks': {
    show: async ({ breaks }, { client, terminal: { print, t } }) => {
      if (breaks.length === 0) return print(t('breaks.none'));
      const now = await client.call('peer.get', {});
      const name = (now.ok ? now.value.peer?.name : undefined) ?? t('peer.other');
      for (const [index, one] of breaks.entries())
        for (const line of [...(index === 0 ? [] : ['']), ...breakLines(one, name, { t, now: new Date() })])
          print(line);
    },
    document: ({ breaks }) => breaks,
  } satisfies Verb<'peer.breaks'>,
  'peer.record': {
    extraFlags: ['off'],
    before: async (input, { flags }) => (flags['off'] === true ? { on: false } : input),
    show: ({ file }, { terminal: { print, t } }) =>
      print(file === null ? t('cli.peer.notRecording') : t('cli.peer.recording', { file })),
  } satisfies Verb<'peer.record'>,
  'peer.ask': {
    show: ({ asked }, { terminal: { print, t } }) => print(t('cli.peer.asked.other', { command: asked })),
  } satisfies Verb<'peer.ask'>,
  'peer.network': {
    extraFlags: ['refuse'],
    before: async (input, { flags }) => (flags['refuse'] === true ? { trust: false } : input),
    show: ({ link }, { terminal: { print, t } }) => {
      for (const line of ownLinkLines(link, { t, now: new Date() })) print(line);
    },
  } satisfies Verb<'peer.network'>,
  'peer.unpair': {
    // Without a yes the engine refuses it by name.
    before: async (input, context) =>
      input.yes === true || (await confirmed(context)) ? { ...input, yes: true } : input,
    show: (_output, { terminal: { print, t } }) => print(t('cli.unpair.done')),
  } satisfies Verb<'peer.unpair'>,
} satisfies { [M in Method]?: Verb<M> };

async function confirmed({ client, terminal: { t } }: VerbContext): Promise<boolean> {
  const now = await client.call('peer.get', {});
  // Nobody to end a pairing with: the engine says so.
  if (!now.ok || now.value.peer === null) return true;
  return ask(t('cli.unpair.ask', { name: now.value.peer.name }));
}

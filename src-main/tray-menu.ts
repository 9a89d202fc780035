import type { MessageKey, Translate } from '../src-shared/language/translate.ts';
import type { PopoverPage } from '../src-shared/commands/shell.ts';
import type { Cluster } from '../src-shared/world/clusters.ts';
import { handoffVerbs, type HandoffVerb } from '../src-shared/world/handoff-verbs.ts';
import { say, sentence } from '../src-shared/world/sentence.ts';
import {
  notLookedYet,
  primaryFirst,
  showsDemo,
  stateSentence,
  type EngineLinkState,
} from '../src-shared/world/state-sentence.ts';
import type { World } from '../src-shared/world/world.ts';

/** What a menu item does. */
export type ShellAction =
  | { readonly do: 'open'; readonly page: PopoverPage }
  | { readonly do: 'cluster'; readonly verb: 'start' | 'stop' | 'cancel'; readonly name: string }
  | { readonly do: 'handoff'; readonly verb: TrayHandoffVerb }
  | { readonly do: 'quit' };

/** A menu is no place to think: a delay is chosen where the countdown stands. */
export type TrayHandoffVerb = Exclude<HandoffVerb, 'delay'>;

export interface TrayMenuItem {
  readonly id: string;
  /** Null for a line between groups. */
  readonly label: string | null;
  readonly enabled: boolean;
  readonly action: ShellAction | null;
}

/** The right-click menu as data: the whole of it follows from the World. */
export function trayMenu(
  world: World | null,
  engine: EngineLinkState,
  t: Translate,
  now: Date,
): TrayMenuItem[] {
  const { headline } = stateSentence(world, engine);
  const demo = world !== null && showsDemo(world);
  return [
    told('state', say(headline, { t, now })),
    ...(demo ? [told('demo', say(sentence('sentence.demo'), { t, now }))] : []),
    line('afterState'),
    ...handoffItems(world, engine, t),
    ...clusterItems(world, engine, t),
    line('afterCluster'),
    item('open', t('menu.open'), { do: 'open', page: 'state' }),
    item('history', t('menu.history'), { do: 'open', page: 'history' }),
    item('settings', t('menu.settings'), { do: 'open', page: 'settings' }),
    line('afterPages'),
    item('quit', t('menu.quit'), { do: 'quit' }),
  ];
}

/** Departure and return, on either Mac of a pair; on the core they are asked of the edge. */
function handoffItems(world: World | null, engine: EngineLinkState, t: Translate): TrayMenuItem[] {
  if (world === null || world.handoff === null || world.role === 'single') return [];
  const offered = engine === 'connected' ? handoffVerbs(world.handoff) : [];
  const { role, peer } = world;
  const name = peer?.name ?? t('peer.other');
  const verb = (id: string, to: TrayHandoffVerb): TrayMenuItem =>
    item(id, t(`menu.handoff.${to}.${role}`, { name }), { do: 'handoff', verb: to }, offered.includes(to));
  return [
    verb('leave', 'leave'),
    verb('cancelLeave', 'cancel'),
    verb('return', 'return'),
    line('afterHandoff'),
  ];
}

/** Start, Stop and Cancel stand always in the same place; what does not fit now is grey. */
function clusterItems(world: World | null, engine: EngineLinkState, t: Translate): TrayMenuItem[] {
  const cluster = world === null ? undefined : primaryFirst(world)[0];
  const name = cluster?.name ?? world?.primaryCluster ?? '';
  const usable = engine === 'connected' && world !== null && !notLookedYet(world);
  if (cluster === undefined || cluster.state === 'absent')
    return [item('create', t('menu.create'), { do: 'open', page: 'state' }, usable)];
  const verb = (id: 'start' | 'stop' | 'cancel', key: MessageKey): TrayMenuItem =>
    item(id, t(key, { name }), { do: 'cluster', verb: id, name }, usable && fits(cluster, id));
  return [verb('start', 'menu.start'), verb('stop', 'menu.stop'), verb('cancel', 'menu.cancel')];
}

/** Whether the verb makes sense for what is seen. */
export function fits({ state, operation }: Cluster, verb: 'start' | 'stop' | 'cancel'): boolean {
  if (operation !== null) return verb === 'cancel' && !operation.cancelling;
  if (verb === 'start') return state === 'stopped' || state === 'paused' || state === 'partial';
  return verb === 'stop' && ['running', 'degraded', 'partial', 'paused', 'starting'].includes(state);
}

function item(id: string, label: string, action: ShellAction, enabled = true): TrayMenuItem {
  return { id, label, enabled, action };
}

function told(id: string, label: string): TrayMenuItem {
  return { id, label, enabled: false, action: null };
}

function line(id: string): TrayMenuItem {
  return { id, label: null, enabled: false, action: null };
}

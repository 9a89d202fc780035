import { isMessageKey, languageOf, translator, type Translate } from '../src-shared/language/translate.ts';
import type { Handoff } from '../src-shared/world/handoff.ts';
import type { Side } from '../src-shared/world/traffic.ts';
import type { DemoPair } from './demo-pair.ts';
import type { DemoOptions } from './options.ts';
import { pidsOf } from './pids.ts';

/** One document a line with `--json`, else a line for people. */
export type Tell = (document: Record<string, unknown>) => void;

export function teller(json: boolean, env: NodeJS.ProcessEnv = process.env): Tell {
  const t = translator(languageOf(env['TANDEM_LANG'] || env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG']));
  let panelIsOpen = false;
  return (document) => {
    if (document['event'] === 'window') panelIsOpen = document['open'] === true;
    // Who looks at the panel needs no line a second.
    if (!json && panelIsOpen && document['event'] === 'traffic') return;
    const text = json ? JSON.stringify(document) : lineFor(document, t);
    if (text !== null) process.stdout.write(`${text}\n`);
  };
}

/** What is said to people; null for what only a program needs. */
export function lineFor(document: Record<string, unknown>, t: Translate): string | null {
  const word = (name: string): string => {
    const value = document[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  switch (document['event']) {
    case 'step':
      return known(`demo.say.${word('step')}`, t);
    case 'window':
      return known(`demo.say.${document['open'] === true ? 'panel' : word('why')}`, t);
    case 'ready':
      return t('demo.say.ready', { front: word('front') });
    case 'traffic': {
      const { core = 0, edge = 0 } = document['perSecond'] as Partial<Record<Side, number>>;
      return t('demo.say.traffic', { core, edge, lost: word('lost'), total: word('total') });
    }
    case 'lost':
      return t('demo.say.lost', { kind: word('kind'), why: word('why') });
    case 'handoff':
      return t('demo.say.handoff', { state: known(`handoff.${word('state')}`, t) ?? word('state') });
    case 'control':
      return `${word('line')}: ${word('how')}`;
    case 'refused':
      return t('demo.say.refused', { line: word('line'), known: (document['known'] as string[]).join(', ') });
    case 'left':
      return t('demo.say.left', { what: (document['what'] as string[]).join(', ') });
    default:
      return null;
  }
}

function known(key: string, t: Translate): string | null {
  return isMessageKey(key) ? t(key) : null;
}

/** The first document once traffic flows at the settled shares (design/interface.md, demo). */
export async function readyDocument(
  pair: DemoPair,
  options: DemoOptions,
  panel: string,
): Promise<Record<string, unknown>> {
  const side = async (mac: DemoPair['core']) => ({
    home: mac.home.root,
    vitalsRoot: mac.sensors.path,
    pids: await pidsOf(mac),
  });
  return {
    event: 'ready',
    front: pair.front,
    core: await side(pair.core),
    edge: await side(pair.edge),
    timeScale: options.timeScale,
    wire: pair.place.kind,
    panel,
  };
}

/** A document at each change of the core's state. */
export function followHandoff({ core }: DemoPair, tell: Tell): void {
  let last: Handoff['state'] | null = null;
  core.client.on('status.changed', ({ handoff }) => {
    if (handoff === null || handoff.state === last) return;
    last = handoff.state;
    const { state, reasons, safeToCloseLid, hold, unplanned } = handoff;
    tell({
      event: 'handoff',
      state,
      reasons: reasons.map(({ name }) => name),
      safeToCloseLid,
      hold,
      unplanned,
    });
  });
}

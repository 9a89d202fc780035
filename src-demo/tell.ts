import type { Handoff } from '../src-shared/world/handoff.ts';
import type { DemoPair } from './demo-pair.ts';
import type { DemoOptions } from './options.ts';
import { pidsOf } from './pids.ts';

/** One document a line with `--json`, else a line for people. */
export type Tell = (document: Record<string, unknown>) => void;

export function teller(json: boolean): Tell {
  return (document) => {
    const text = json ? JSON.stringify(document) : line(document);
    if (text !== null) process.stdout.write(`${text}\n`);
  };
}

function line({ event, ...rest }: Record<string, unknown>): string | null {
  if (event === 'traffic') {
    const { perSecond, lost, total } = rest as {
      perSecond: { core: number; edge: number };
      lost: number;
      total: number;
    };
    return `core ${perSecond.core}/s   edge ${perSecond.edge}/s   lost ${lost} of ${total}`;
  }
  return `${String(event)} ${Object.values(rest)
    .map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)))
    .join(' ')}`;
}

/** The first document once traffic flows at the settled shares (design/interface.md, demo). */
export async function readyDocument(pair: DemoPair, options: DemoOptions): Promise<Record<string, unknown>> {
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

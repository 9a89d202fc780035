import { assertNever } from '../../src-shared/assert-never.ts';
import type { Handoff } from '../../src-shared/world/handoff.ts';
import { namesOf } from '../../src-shared/world/handoff-sentence.ts';
import { NOT_SEEN_YET, notLookedYet, primaryFirst } from '../../src-shared/world/state-sentence.ts';
import { sentence, type Sentence } from '../../src-shared/world/sentence.ts';
import type { World } from '../../src-shared/world/world.ts';
import { edgeShare } from '../handoff/share-view.ts';

export interface LidLine {
  readonly tone: 'plain' | 'ok' | 'warn';
  readonly title: Sentence;
  readonly detail: Sentence;
}

/** May the lid be closed? On a core it speaks of the edge's. Null on a Mac without one. */
export function lidLine(world: World): LidLine | null {
  const { handoff, role, host } = world;
  const paired = handoff !== null && role !== 'single';
  if (paired && role === 'core') return pairLid(world, handoff, 'core');
  const { lid } = host.vitals;
  if (lid === null) return null;
  if (lid.closed === true)
    return { tone: 'plain', title: sentence('lid.closed'), detail: sentence('lid.closed.detail') };
  if (paired) return pairLid(world, handoff, 'edge');
  return ownLid(world);
}

/** Of an edge: by what the hand-off proved, whatever its cluster does. */
function pairLid(world: World, handoff: Handoff, side: 'core' | 'edge'): LidLine {
  const names = namesOf(world);
  const line = (
    tone: LidLine['tone'],
    title: 'safe' | 'keep' | 'wait' | 'unknown',
    detail: Sentence,
  ): LidLine => ({
    tone,
    title: sentence(`lid.pair.${title}.${side}`, names),
    detail,
  });
  if (handoff.safeToCloseLid === true) return line('ok', 'safe', sentence(`lid.pair.safe.detail.${side}`));
  if (handoff.safeToCloseLid === null)
    return line('plain', 'unknown', sentence(`lid.pair.unknown.detail.${side}`));
  switch (handoff.state) {
    case 'PREPARING':
    case 'SHIFTING':
    case 'VERIFYING':
    case 'DRAINING':
    case 'RELEASED':
      return line(
        'warn',
        'wait',
        handoff.deadlineAt === null
          ? sentence('lid.pair.wait.detail')
          : sentence('lid.pair.wait.until', { byAt: handoff.deadlineAt }),
      );
    case 'SERVING':
    case 'WARNED':
    case 'SUSPECT':
    case 'OFFLINE':
    case 'LOST':
    case 'RETURNING':
    case 'HOLD':
      return line('plain', 'keep', served(world, side));
    default:
      return assertNever(handoff.state);
  }
}

function served(world: World, side: 'core' | 'edge'): Sentence {
  const percent = edgeShare(world.traffic);
  return percent === null
    ? sentence(`lid.pair.keep.unknown.${side}`)
    : sentence(`lid.pair.keep.detail.${side}`, { percent });
}

function ownLid(world: World): LidLine {
  const clusters = primaryFirst(world);
  const operation = clusters.find((cluster) => cluster.operation !== null)?.operation ?? null;
  if (operation !== null) {
    const detail =
      operation.etaMs === null
        ? sentence('lid.wait.detail')
        : sentence('lid.wait.eta', { etaMs: operation.etaMs });
    return { tone: 'warn', title: sentence('lid.wait'), detail };
  }
  const unseen = clusters.filter(({ state }) => state === 'unknown');
  if (notLookedYet(world) || unseen.length > 0) {
    const looking = unseen.every(({ why }) => why === NOT_SEEN_YET);
    const detail = sentence(looking ? 'lid.unknown.looking' : 'lid.unknown.detail');
    return { tone: 'plain', title: sentence('lid.unknown'), detail };
  }
  const up = clusters.find(({ state }) => state !== 'stopped' && state !== 'absent');
  if (up)
    return {
      tone: 'plain',
      title: sentence('lid.keep'),
      detail: sentence('lid.keep.detail', { name: up.name }),
    };
  return { tone: 'ok', title: sentence('lid.safe'), detail: sentence('lid.safe.detail') };
}

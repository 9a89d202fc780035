import { NOT_SEEN_YET, notLookedYet, primaryFirst } from '../../src-shared/world/state-sentence.ts';
import { sentence, type Sentence } from '../../src-shared/world/sentence.ts';
import type { World } from '../../src-shared/world/world.ts';

export interface LidLine {
  readonly tone: 'plain' | 'ok' | 'warn';
  readonly title: Sentence;
  readonly detail: Sentence;
}

/** May the lid be closed? Null on a Mac without one. */
export function lidLine(world: World): LidLine | null {
  const { lid } = world.host.vitals;
  if (lid === null) return null;
  if (lid.closed === true)
    return { tone: 'plain', title: sentence('lid.closed'), detail: sentence('lid.closed.detail') };
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

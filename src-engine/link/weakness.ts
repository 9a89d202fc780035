import type { BreakClass } from '../../src-shared/world/peer.ts';
import { noLooks, type LinkFacts } from './classify/looks.ts';
import { weaknessOf, type Judgement } from './judge-break.ts';
import type { LinkNotices } from './link-notices.ts';
import type { LinkHistory } from './link-ports.ts';

export interface WeaknessPorts {
  readonly history: Pick<LinkHistory, 'add'>;
  readonly notices: Pick<LinkNotices, 'broke' | 'over'>;
  facts(): LinkFacts;
  peerName(): string;
}

/** What is weak in a link that is up, from what the other Mac says: nothing is probed. Outlives a mere suspicion. */
export interface Weakness {
  /** To be asked only while the link is up; a beginning or an end is recorded and told. */
  look(): Judgement | null;
  /** The link broke: something else is the matter now. */
  broken(): void;
  /** Without a word. */
  forget(): void;
}

export function createWeakness({ history, notices, facts, peerName }: WeaknessPorts): Weakness {
  let known: BreakClass | null = null;
  return {
    look() {
      // The detector's word, which knows both paces: between two slow beats the facts alone may call it silent.
      const found = weaknessOf({ ...noLooks, ...facts(), freshBeats: true });
      const weak = found?.class ?? null;
      if (weak === known) return found;
      known = weak;
      history.add({
        kind: weak === null ? 'link.well' : 'link.weak',
        what: `the link to ${peerName()} is ${weak === null ? 'well' : weak}`,
        evidence: { name: peerName(), class: weak, items: found?.evidence ?? [] },
      });
      if (weak === null) notices.over();
      else notices.broke({ class: weak, byeReason: null, likely: null, startedMs: null });
      return found;
    },
    broken() {
      if (known !== null) notices.over();
      known = null;
    },
    forget() {
      known = null;
    },
  };
}

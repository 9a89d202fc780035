import { handoffVerbs, type HandoffVerb } from '../../src-shared/world/handoff-verbs.ts';
import type { Handoff } from '../../src-shared/world/handoff.ts';
import type { World } from '../../src-shared/world/world.ts';
import { LidText } from '../popover/lid-text.tsx';
import { useCommand } from '../run-command.ts';
import { useWords } from '../words.ts';

/** What a person can ask of the hand-off now, and beside it, always, whether the lid may be closed. */
export function HandoffActions({ world, handoff }: { readonly world: World; readonly handoff: Handoff }) {
  const { t } = useWords();
  const { run, running } = useCommand();
  // The choices of a countdown stand with it.
  const verbs = handoff.countdownEndsAt !== null && handoff.state === 'WARNED' ? [] : handoffVerbs(handoff);
  // Everything else returns by itself, or would be refused: it can be asked for, but it is not what to do.
  const isWanted = handoff.state === 'OFFLINE' && handoff.reasons.every(({ name }) => name === 'user');
  const act = (verb: HandoffVerb): void =>
    void (verb === 'leave' ? run('handoff.leave', { now: true }) : run(`handoff.${verb}`, {}));
  return (
    <div className="action-row handoff-actions">
      {verbs.map((verb) => (
        <button
          key={verb}
          type="button"
          className={verb === 'return' && isWanted ? 'button primary' : 'button'}
          disabled={running}
          {...namedFor(world, t(`handoff.${verb}.action`))}
          onClick={() => act(verb)}
        >
          {t(`handoff.${verb}.action`)}
        </button>
      ))}
      <LidText world={world} />
    </div>
  );
}

/** On the core it is asked of the other Mac: said to those who listen, for the visible word is the same. */
function namedFor({ role, peer }: World, word: string): { readonly 'aria-label'?: string } {
  return role === 'core' && peer !== null ? { 'aria-label': `${word}: ${peer.name}` } : {};
}

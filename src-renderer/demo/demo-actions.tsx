import { handoffVerbs } from '../../src-shared/world/handoff-verbs.ts';
import type { World } from '../../src-shared/world/world.ts';
import { useCommand } from '../run-command.ts';
import { useWords } from '../words.ts';

const VERBS = ['leave', 'cancel', 'return'] as const;

/** The three verbs of the hand-off, always in the same place; what does not fit now is grey. */
export function DemoActions({ world }: { readonly world: World }) {
  const { t } = useWords();
  const { run, running } = useCommand();
  const offered = world.handoff === null ? [] : handoffVerbs(world.handoff);
  const act = (verb: (typeof VERBS)[number]): void =>
    void (verb === 'leave' ? run('handoff.leave', { now: true }) : run(`handoff.${verb}`, {}));
  return (
    <div className="action-row demo-actions">
      {VERBS.map((verb) => (
        <button
          key={verb}
          type="button"
          className="button"
          disabled={running || !offered.includes(verb)}
          onClick={() => act(verb)}
        >
          {t(`handoff.${verb}.action`)}
        </button>
      ))}
    </div>
  );
}

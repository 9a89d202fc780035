import type { EvidenceGroup } from '../../src-shared/world/peer-sentence.ts';
import { useWords } from '../words.ts';

/** What was seen, under the Mac that it speaks of. */
export function EvidenceList(props: {
  readonly groups: readonly EvidenceGroup[];
  /** One paragraph a Mac instead of a list. */
  readonly compact?: boolean;
}) {
  const { groups, compact = false } = props;
  const { say } = useWords();
  return (
    <dl className={compact ? 'evidence compact' : 'evidence'}>
      {groups.map(({ label, lines }) => (
        <div key={label.key}>
          <dt>{say(label)}</dt>
          {compact ? (
            <dd>{lines.map((line) => say(line)).join('; ')}</dd>
          ) : (
            lines.map((line) => <dd key={line.key}>{say(line)}</dd>)
          )}
        </div>
      ))}
    </dl>
  );
}

import type { World } from '../../src-shared/world/world.ts';
import { useWords } from '../words.ts';
import { lidLine } from './lid-line.ts';

/** May the lid be closed? In one line and a reason. */
export function LidText({ world }: { readonly world: World }) {
  const { say } = useWords();
  const lid = lidLine(world);
  if (lid === null) return null;
  return (
    <p className={`lid ${lid.tone}`}>
      <b>{say(lid.title)}</b>
      {say(lid.detail)}
    </p>
  );
}

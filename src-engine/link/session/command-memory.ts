import type { Frame } from '../ports.ts';

type CommandResult = Extract<Frame, { type: 'CMD_RESULT' }>;

/** Makes a CMD that comes twice act once: over sessions too, because a sender repeats after a break. */
export interface CommandMemory {
  /** `new`: act. `running`: it is being done. A result: say it again. */
  meet(id: string): 'new' | 'running' | CommandResult;
  done(result: CommandResult): void;
}

const REMEMBERED = 128;

export function commandMemory(): CommandMemory {
  const known = new Map<string, CommandResult | 'running'>();
  return {
    meet(id) {
      const before = known.get(id);
      if (before !== undefined) return before;
      known.set(id, 'running');
      const [oldest] = known.keys();
      if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
      return 'new';
    },
    done(result) {
      if (known.has(result.id)) known.set(result.id, result);
    },
  };
}

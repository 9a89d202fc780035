import { expect, test } from 'vitest';
import { standingOf, type StandingFacts } from './standing.ts';

const well: StandingFacts = { link: 'up', byeReason: null, failures: 0, hasAnswered: true };

test.each<[Partial<StandingFacts>, string]>([
  [{}, 'serves'],
  [{ failures: 1 }, 'serves'],
  [{ failures: 2 }, 'silent'],
  [{ hasAnswered: false }, 'silent'],
  [{ link: 'suspect' }, 'serves'],
  // The engine over there died: what it left behind serves on.
  [{ link: 'down' }, 'serves'],
  [{ link: 'down', failures: 1 }, 'serves'],
  [{ link: 'down', failures: 2 }, 'withdrawn'],
  [{ link: 'left', byeReason: 'quit' }, 'serves'],
  [{ link: 'left', byeReason: 'quit', failures: 2 }, 'withdrawn'],
  [{ link: 'left', byeReason: 'sleep' }, 'withdrawn'],
  [{ link: 'left', byeReason: 'shutdown' }, 'withdrawn'],
  // This engine has only begun, and heard nobody yet.
  [{ link: 'never', hasAnswered: false }, 'silent'],
])('%j: %s', (facts, standing) => {
  expect(standingOf({ ...well, ...facts })).toBe(standing);
});

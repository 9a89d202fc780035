import { describe, expect, it } from 'vitest';
import { infoIn, refusalIn, repliesIn, weightIn } from './replies.ts';

describe('repliesIn', () => {
  it('tells the answers to questions asked together apart', () => {
    expect(repliesIn('# a\n1\n\n20 (initial 20)\n\n', 2)).toEqual(['# a\n1', '20 (initial 20)']);
  });

  it.each(['', '\n', 'a\n\n', 'a\n\nb\n', 'a\n\nb\n\nc\n\n'])('does not take %j for two', (reply) => {
    expect(repliesIn(reply, 2)).toBeNull();
  });
});

describe('refusalIn', () => {
  it.each(['\n', '\n\n', ''])('takes %j as carried out', (reply) => {
    expect(refusalIn(reply)).toBeNull();
  });

  // As HAProxy 2.6.12 wrote them.
  it.each([
    ['No such server.\n\n', 'No such server.'],
    [
      'Absolute weight can only be between 0 and 256 inclusive.\n\n',
      'Absolute weight can only be between 0 and 256 inclusive.',
    ],
    [
      'Empty weight string empty or preceded by garbage\n',
      'Empty weight string empty or preceded by garbage',
    ],
    [
      "Unknown command: 'sset', but maybe one of the following ones is a better match:\n  set …\n",
      "Unknown command: 'sset', but maybe one of the following ones is a better match:",
    ],
  ])('names the refusal %j', (reply, line) => {
    expect(refusalIn(reply)).toBe(line);
  });
});

describe('weightIn', () => {
  it('reads the weight of now, not the one of the start', () => {
    expect(weightIn('0 (initial 80)\n\n')).toBe(0);
    expect(weightIn('100 (initial 0)\n\n')).toBe(100);
  });

  it.each(['', '\n', 'No such server.\n\n', '80\n', 'Require backend/server.\n'])(
    'reads nothing from %j',
    (reply) => {
      expect(weightIn(reply)).toBeNull();
    },
  );
});

describe('infoIn', () => {
  const reply =
    'Name: HAProxy\nVersion: 2.6.12-1+deb12u4\nRelease_date: 2026/05/01\nPid: 4242\nUptime: 0d 0h00m03s\nnode: m1\ndescription: tandem 0a1b\n\n';

  it('reads fields by name', () => {
    expect(infoIn(reply)).toEqual({ pid: 4242, version: '2.6.12-1+deb12u4', description: 'tandem 0a1b' });
    expect(infoIn('Version: 3.0.5\nNodename: x\nPid: 7\n')).toEqual({
      pid: 7,
      version: '3.0.5',
      description: '',
    });
  });

  it('reads nothing from another answer', () => {
    expect(infoIn('Unknown command\n')).toBeNull();
    expect(infoIn('Version: 2.6\nPid: x\n')).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import type { HelloData } from '../ports.ts';
import { retrospective, type EndedBreak } from './retrospective.ts';

/** A break of one minute that ended two seconds before the HELLO. */
const ended: EndedBreak = {
  class: 'PEER_UNREACHABLE',
  likely: null,
  startedAgoMs: 62_000,
  endedAgoMs: 2000,
  bootIdBefore: 'boot-1',
  appStartIdBefore: 'start-1',
};
const hello: HelloData = {
  protoMin: 0,
  protoMax: 0,
  app: '1.0.0',
  name: 'other',
  role: 'edge',
  bootId: 'boot-1',
  appStartId: 'start-1',
  uptimeSeconds: 86_400,
  pauses: [],
  gaps: [],
  lastSeqSeen: 10,
  features: [],
};
const sameGap = { agoMs: 1900, lastedMs: 60_200 };
const kinds = (word: ReturnType<typeof retrospective>) =>
  word.evidence.map(({ about, probe, outcome }) => `${about} ${probe} ${outcome}`);

describe('link 18: what the other Mac tells afterwards names the cause', () => {
  it('host down: its machine started anew', () => {
    const word = retrospective(
      ended,
      { ...hello, bootId: 'boot-2', appStartId: 'start-2', uptimeSeconds: 30 },
      [],
    );
    expect([word.class, word.likely]).toEqual(['PEER_UNREACHABLE', 'hostDown']);
    expect(word.evidence[0]).toMatchObject({ by: 'peer', probe: 'boot', outcome: 'changed', ms: 30_000 });
  });

  it('sleep: it slept through most of the break, waking in between', () => {
    const pauses = [
      { agoMs: 5000, lastedMs: 20_000, slept: true },
      { agoMs: 26_000, lastedMs: 30_000, slept: true },
    ];
    const word = retrospective(ended, { ...hello, pauses, gaps: [sameGap] }, []);
    expect([word.class, word.likely]).toEqual(['PEER_UNREACHABLE', 'asleep']);
    expect(word.evidence[0]).toMatchObject({ probe: 'sleep', outcome: 'ok', ms: 50_000 });
  });

  it('partition: the same program ran on and missed this Mac as long', () => {
    const word = retrospective(ended, { ...hello, gaps: [sameGap] }, []);
    expect([word.class, word.likely]).toEqual(['PEER_UNREACHABLE', 'partition']);
    expect(kinds(word)).toEqual([
      'self heartbeat silent',
      'peer sleep missing',
      'peer session ok',
      'peer boot ok',
    ]);
  });

  it('one-way: it heard this Mac all the time', () => {
    const word = retrospective(ended, hello, []);
    expect([word.class, word.likely]).toEqual(['ONE_WAY', null]);
    expect(kinds(word)[0]).toBe('self heartbeat ok');
  });
});

describe('what else it can tell', () => {
  it('its engine started anew on the same machine: it crashed', () => {
    expect(retrospective(ended, { ...hello, appStartId: 'start-2' }, []).class).toBe('APP_CRASHED');
  });

  it('its engine stood still: it hung', () => {
    const pauses = [{ agoMs: 2000, lastedMs: 59_000, slept: false }];
    expect(retrospective(ended, { ...hello, pauses }, []).class).toBe('APP_HUNG');
  });

  it('a refused port of a program that ran on was a firewall', () => {
    const word = retrospective({ ...ended, class: 'APP_CRASHED' }, { ...hello, gaps: [sameGap] }, []);
    expect(word.class).toBe('PORT_BLOCKED');
  });

  it('an old sleep or gap, before the break, explains nothing', () => {
    const before = { agoMs: 70_000, lastedMs: 3_600_000 };
    const word = retrospective(
      ended,
      { ...hello, pauses: [{ ...before, slept: true }], gaps: [before, sameGap] },
      [],
    );
    expect(word.likely).toBe('partition');
  });

  it('an own pause through the break makes it ours', () => {
    const word = retrospective(ended, { ...hello, bootId: 'boot-2' }, [
      { agoMs: 2500, lastedMs: 58_000, slept: true },
    ]);
    expect(word.class).toBe('SELF_PAUSED');
    expect(word.evidence[0]).toMatchObject({ about: 'self', probe: 'ticks', ms: 58_000 });
  });

  it('keeps an empty battery as the reason of a new start', () => {
    const word = retrospective({ ...ended, likely: 'batteryEmpty' }, { ...hello, bootId: 'boot-2' }, []);
    expect(word.likely).toBe('batteryEmpty');
  });

  it.each(['LEFT', 'SELF_OFFLINE', 'ONE_WAY', 'API_SERVER_DOWN'] as const)(
    '%s stays what it was',
    (found) => {
      expect(retrospective({ ...ended, class: found }, { ...hello, appStartId: 'start-2' }, []).class).toBe(
        found,
      );
    },
  );

  it('changes nothing where no session came before', () => {
    const unknown = { ...ended, bootIdBefore: null, appStartIdBefore: null };
    expect(retrospective(unknown, hello, [])).toMatchObject({
      class: 'PEER_UNREACHABLE',
      likely: null,
      evidence: [],
    });
  });

  it('keeps what a router or port break was when both missed each other', () => {
    for (const found of ['SELF_OR_ROUTER_DOWN', 'PORT_BLOCKED'] as const)
      expect(retrospective({ ...ended, class: found }, { ...hello, gaps: [sameGap] }, []).class).toBe(found);
  });
});

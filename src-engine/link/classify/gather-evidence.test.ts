import { describe, expect, it } from 'vitest';
import { evidenceSchema } from '../../../src-shared/world/peer.ts';
import { classify } from './classify.ts';
import { evidenceKinds } from './evidence-kinds.ts';
import { noLooks, type Looks } from './looks.ts';
import { black, look, told, well } from './test-looks.ts';

describe('evidence', () => {
  const first = (looks: Looks) =>
    classify(looks).evidence.map(({ about, probe, outcome }) => `${about} ${probe} ${outcome}`);

  it('opens a black hole with the silence and says what this Mac can reach', () => {
    expect(first(black)).toEqual([
      'peer heartbeat silent',
      'peer appPort timeout',
      'peer secondPort timeout',
      'peer ping timeout',
      'peer arp missing',
      'self gateway ok',
      'peer session ok',
      'self interface ok',
    ]);
  });

  it('names UDP where only UDP is blocked', () => {
    expect(classify({ ...black, appPort: look('ok') }).evidence[0]).toMatchObject({
      probe: 'heartbeat',
      outcome: 'silent',
      detail: 'UDP',
      ms: 2500,
    });
  });

  it('tells a likely cause right after the silence', () => {
    expect(first({ ...black, peerFacts: told({ lidClosed: true }) }).slice(0, 2)).toEqual([
      'peer heartbeat silent',
      'peer sleep said',
    ]);
  });

  it('takes the faster answer of the router', () => {
    const router = classify({ ...black, gatewayPing: { outcome: 'ok', ms: 9, detail: null } }).evidence.find(
      ({ probe }) => probe === 'gateway',
    );
    expect(router).toMatchObject({ ms: 3, detail: '192.0.2.1' });
  });

  it('says nothing of what was not looked at', () => {
    expect(first({ ...well, ...noLooks })).toEqual(['peer heartbeat ok', 'peer echo ok', 'peer session ok']);
  });

  it('lists only words of the schema, each once', () => {
    expect(new Set(evidenceKinds).size).toBe(evidenceKinds.length);
    for (const kind of evidenceKinds) {
      const [about, by, probe, outcome] = kind.split('/');
      expect(evidenceSchema.safeParse({ about, by, probe, outcome, ms: null, detail: null }).success).toBe(
        true,
      );
    }
  });
});

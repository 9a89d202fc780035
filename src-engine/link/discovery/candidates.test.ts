import { describe, expect, it } from 'vitest';
import { candidates } from './candidates.ts';

const at = (host: string, port = 47_321) => ({ host, port });
const hit = (host: string, pin8: string, port = 47_321) => ({ host, port, pin8 });
const pin = 'abcdef1234567890';
const nothing = { lastGood: null, typed: null, found: [], pin: null, own: [] };

describe('addresses to try', () => {
  it('are the last good one, the typed one, then the hits', () => {
    expect(
      candidates({
        ...nothing,
        found: [hit('192.0.2.30', 'abcdef12')],
        typed: at('192.0.2.20'),
        lastGood: at('192.0.2.10'),
      }),
    ).toEqual([at('192.0.2.10'), at('192.0.2.20'), at('192.0.2.30')]);
  });

  it('are tried once each, however they are spelled', () => {
    const found = [hit('mac.local', 'abcdef12'), hit('192.0.2.10', 'abcdef12')];
    expect(candidates({ ...nothing, lastGood: at('192.0.2.10'), typed: at('Mac.local.'), found })).toEqual([
      at('192.0.2.10'),
      at('Mac.local.'),
    ]);
  });

  it('are never the own one, but may be another port of this host', () => {
    expect(
      candidates({
        ...nothing,
        lastGood: at('127.0.0.1', 5000),
        typed: at('127.0.0.1', 5001),
        own: [at('127.0.0.1', 5000)],
      }),
    ).toEqual([at('127.0.0.1', 5001)]);
  });

  it('leave out hits of other keys', () => {
    expect(
      candidates({ ...nothing, pin, found: [hit('192.0.2.1', '00000000'), hit('192.0.2.2', 'abcdef12')] }),
    ).toEqual([at('192.0.2.2')]);
  });

  it('stay few in a flood, the sure ones first', () => {
    const found = Array.from({ length: 200 }, (_, index) => hit(`192.0.2.${String(index)}`, 'abcdef12'));
    const tried = candidates({ ...nothing, lastGood: at('198.51.100.1'), found, pin });
    expect(tried.length).toBeLessThanOrEqual(8);
    expect(tried[0]).toEqual(at('198.51.100.1'));
  });

  it('are none for nonsense', () => {
    expect(candidates({ ...nothing, lastGood: at('', 1), typed: at('192.0.2.1', 70_000) })).toEqual([]);
  });
});

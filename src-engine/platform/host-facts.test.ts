import { describe, expect, test, vi } from 'vitest';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import { fanlessOf, readHostFacts, type FactsLibrary } from './host-facts.ts';

const air: FactsLibrary = {
  system: () => Promise.resolve({ model: 'Mac14,2', version: 'MacBook Air (13-inch, M2, 2022)' }),
  cpu: () => Promise.resolve({ manufacturer: 'Apple', brand: 'M2' }),
  osInfo: () => Promise.resolve({ distro: 'macOS', release: '26.1' }),
};
const needs = (env = {}) => ({ scheduler: fakeTime().scheduler, env });

describe('facts of this host', () => {
  test('model, chip and system as people know them', async () => {
    expect(await readHostFacts(needs(), () => Promise.resolve(air))).toEqual({
      model: 'MacBook Air (13-inch, M2, 2022)',
      chip: 'Apple M2',
      os: 'macOS 26.1',
      fanless: true,
      cpuCount: expect.any(Number),
    });
  });

  test('what the library does not know, or says by a placeholder, is null', async () => {
    const odd: FactsLibrary = {
      system: () => Promise.resolve({ model: 'Computer', version: '' }),
      cpu: () => Promise.reject(new Error('no')),
      osInfo: () => Promise.resolve({ distro: '', release: '' }),
    };
    expect(await readHostFacts(needs(), () => Promise.resolve(odd))).toMatchObject({
      model: null,
      chip: null,
      os: null,
      fanless: null,
    });
    const unlisted = { ...air, system: () => Promise.resolve({ model: 'Mac99,1', version: 'Unknown' }) };
    expect(await readHostFacts(needs(), () => Promise.resolve(unlisted))).toMatchObject({
      model: 'Mac99,1',
      fanless: null,
    });
  });

  test('under VITALS_ROOT the host is not asked', async () => {
    const load = vi.fn(() => Promise.resolve(air));
    expect(await readHostFacts(needs({ VITALS_ROOT: '/x' }), load)).toMatchObject({
      model: null,
      chip: null,
    });
    expect(load).not.toHaveBeenCalled();
  });

  test('a library that is missing or hangs delays the engine by no more than its limit', async () => {
    expect(await readHostFacts(needs(), () => Promise.reject(new Error('missing')))).toMatchObject({
      model: null,
    });
    const time = fakeTime();
    const facts = readHostFacts({ scheduler: time.scheduler, env: {} }, () => new Promise(() => undefined));
    await time.advance(4000);
    expect((await facts).model).toBeNull();
    expect((await facts).cpuCount).toBeGreaterThan(0);
  });

  test.each([
    ['MacBook Air (13-inch, M2, 2022)', 'Apple M2', true],
    ['MacBookAir10,1', 'Apple M1', true],
    ['MacBook Pro (14-inch, M4, 2024)', 'Apple M4', false],
    ['Mac mini (M1, 2020)', 'Apple M1', false],
    ['MacBook Air (13-inch, 2018)', 'Intel Core i5', null],
    ['ThinkPad X1', 'Intel', null],
    [null, 'Apple M2', null],
  ])('%s with %s: fanless %s', (model, chip, fanless) => expect(fanlessOf(model, chip)).toBe(fanless));
});

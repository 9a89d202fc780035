import { expect, test } from 'vitest';
import { pairing, pairingWorlds } from '../../test/doubles/pair-worlds.ts';
import type { EngineClient } from '../../src-engine/platform/engine-client.ts';
import type { Method } from '../../src-shared/commands/registry.ts';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import { translator } from '../../src-shared/language/translate.ts';
import type { Pairing } from '../../src-shared/world/peer.ts';
import type { World } from '../../src-shared/world/world.ts';
import { pairVerb } from './pair.ts';

interface SetUp {
  readonly begun?: Result<Pairing>;
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly json?: boolean;
}

/** An engine whose Worlds the test shows, and a terminal that is none: nobody can be asked. */
function setUp({ begun = ok(pairing()), flags = {}, json = false }: SetUp) {
  const calls: [Method, unknown][] = [];
  const written: string[] = [];
  let listener: (world: World) => void = () => undefined;
  let world: World = pairingWorlds.listening;
  const client = {
    call: async (method: Method, input: unknown) => {
      calls.push([method, input]);
      if (method === 'pair.open' || method === 'pair.dial') return begun;
      return method === 'status.get' ? ok(world) : ok({});
    },
    on: (_name: string, heard: (world: World) => void) => {
      listener = heard;
      return () => undefined;
    },
    closed: new Promise<void>(() => undefined),
    close: () => undefined,
  } as unknown as EngineClient;
  const terminal = {
    json,
    t: translator('en'),
    language: 'en' as const,
    print: (text: string) => written.push(text),
    document: (value: unknown) => written.push(JSON.stringify(value)),
    note: (text: string) => written.push(`# ${text}`),
    fail: ({ code }: { code: string }) => {
      written.push(`! ${code}`);
      return 1;
    },
  };
  const exit = Promise.resolve(pairVerb.run?.({}, { client, terminal, flags }));
  return {
    calls,
    written,
    exit,
    show: async (next: World) => {
      world = next;
      // The verb has begun to listen by then.
      await new Promise((resolve) => setTimeout(resolve, 5));
      listener(next);
      await new Promise((resolve) => setTimeout(resolve, 5));
    },
  };
}

const documents = (written: readonly string[]) =>
  written.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Record<string, unknown>);

test('with --yes the listener prints where it waits, says yes, and both names and digits at the end', async () => {
  const { calls, written, exit, show } = setUp({ flags: { yes: true } });
  await show(pairingWorlds.listening);
  await show(pairingWorlds.compare);
  await show(pairingWorlds.waiting);
  await show(pairingWorlds.done);
  expect(await exit).toBe(0);
  const [first, last] = documents(written);
  expect(Object.keys(first ?? {})).toEqual(['listening', 'expiresInMs']);
  expect(first?.['listening']).toBe('192.0.2.7:47321');
  const { peerPin } = pairingWorlds.done.link.pairing ?? { peerPin: '' };
  expect(last).toEqual({ peer: { name: 'Mac mini', pin: peerPin }, digits: '048213' });
  expect(calls.filter(([method]) => method === 'pair.answer')).toEqual([['pair.answer', { same: true }]]);
});

test('with a host it calls, and the digits may be there at once', async () => {
  const dialled = pairingWorlds.compare.link.pairing;
  const { calls, exit, show } = setUp({
    begun: ok({ ...pairing(), ...dialled }),
    flags: { yes: true, host: '192.0.2.20' },
  });
  await show(pairingWorlds.done);
  expect(await exit).toBe(0);
  expect(calls).toContainEqual(['pair.dial', { host: '192.0.2.20' }]);
  expect(calls.some(([method]) => method === 'pair.open')).toBe(false);
});

test('nobody to ask is "different": the default answer', async () => {
  const { calls, written, exit, show } = setUp({});
  await show(pairingWorlds.compare);
  expect(calls).toContainEqual(['pair.answer', { same: false }]);
  expect(written.join('\n')).toContain('048 213');
  await show({
    ...pairingWorlds.compare,
    link: {
      ...pairingWorlds.compare.link,
      pairing: pairing({ stage: 'failed', error: { code: 'pairingDifferent', params: {} } }),
    },
  });
  expect(await exit).toBe(1);
  expect(written.at(-1)).toBe('! pairingDifferent');
});

test('expiry and a refused dial end with their own sentence', async () => {
  const expired = setUp({ flags: { yes: true }, json: true });
  await expired.show(pairingWorlds.expired);
  expect(await expired.exit).toBe(1);
  expect(expired.written.at(-1)).toBe('! pairingExpired');
  const refused = setUp({
    begun: fail('peerUnreachable', { host: '192.0.2.9', port: 1 }),
    flags: { host: 'x' },
  });
  expect(await refused.exit).toBe(1);
  expect(refused.written.at(-1)).toBe('! peerUnreachable');
});

test('cancelled from elsewhere, it ends', async () => {
  const { exit, show, written } = setUp({});
  await show(pairingWorlds.listening);
  await show({ ...pairingWorlds.listening, link: { ...pairingWorlds.listening.link, pairing: null } });
  expect(await exit).toBe(1);
  expect(written.at(-1)).toBe('! cancelled');
});

test('Ctrl-C cancels the pairing', async () => {
  const { exit, show, calls } = setUp({});
  await show(pairingWorlds.listening);
  process.emit('SIGINT');
  expect(await exit).toBe(1);
  expect(calls.at(-1)?.[0]).toBe('pair.cancel');
});

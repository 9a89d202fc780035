import { expect, test } from 'vitest';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import { aSession } from '../../test/doubles/link-parts.ts';
import { fail, ok, TandemFailure, type Result } from '../../src-shared/errors/result.ts';
import { createPeerCommands } from './peer-commands.ts';
import type { Frame } from './ports.ts';

type Command = Extract<Frame, { type: 'CMD' }>;

function bench(act: () => Promise<Result<unknown>> = async () => ok(null), up = true) {
  const time = fakeTime();
  const { session, sent } = aSession();
  const commands = createPeerCommands({ ...time, session: () => (up ? session : null), act });
  return { time, sent, commands };
}
const asked: Command = { type: 'CMD', id: '1', command: 'cluster.start', name: 'lab' };

test('an answer reaches who asked, by its id, and leaves no timer', async () => {
  const { time, sent, commands } = bench();
  const one = commands.ask('cluster.start', 'lab');
  const two = commands.ask('cluster.stop', null);
  const [first, second] = sent as Command[];
  expect(first).toMatchObject({ type: 'CMD', command: 'cluster.start', name: 'lab' });
  const error = { code: 'unknownMethod', params: {} } as const;
  commands.onResult({ type: 'CMD_RESULT', id: second!.id, ok: false, error });
  commands.onResult({ type: 'CMD_RESULT', id: 'nobody asked', ok: true, error: null });
  commands.onResult({ type: 'CMD_RESULT', id: first!.id, ok: true, error: null });
  expect(await one).toEqual(ok({ asked: 'cluster.start' }));
  expect(await two).toMatchObject({
    ok: false,
    error: { code: 'peerRefused', params: { command: 'cluster.stop', code: 'unknownMethod' } },
  });
  expect(time.pending()).toBe(0);
});

test('who asks for the words of a refusal gets them as they were said', async () => {
  const { sent, commands } = bench();
  const refused = commands.request('leave', null);
  const done = commands.request('cancel', null);
  const [first, second] = sent as Command[];
  const error = { code: 'memoryRefused', params: { fitGb: 2 } } as const;
  commands.onResult({ type: 'CMD_RESULT', id: first!.id, ok: false, error });
  commands.onResult({ type: 'CMD_RESULT', id: second!.id, ok: true, error: null });
  expect(await refused).toEqual({ ok: false, error });
  expect(await done).toEqual(ok(undefined));
  expect(await bench(undefined, false).commands.request('leave', null)).toMatchObject({
    error: { code: 'peerAway' },
  });
});

test('no session, or no answer within five seconds: it is away', async () => {
  expect(await bench(undefined, false).commands.ask('leave', null)).toMatchObject({
    error: { code: 'peerAway' },
  });
  const { time, commands } = bench();
  let answer: unknown;
  void commands.ask('leave', null).then((result) => (answer = result));
  await time.advance(4900);
  expect(answer).toBeUndefined();
  await time.advance(200);
  expect(answer).toMatchObject({ error: { code: 'peerAway' } });
});

test('a refusal is answered with its code, at once', async () => {
  const { time, sent, commands } = bench(async () => fail('unknownMethod', { method: 'leave' }));
  commands.onAsked(asked);
  await time.advance(0);
  expect(sent).toMatchObject([{ type: 'CMD_RESULT', id: '1', ok: false, error: { code: 'unknownMethod' } }]);
  expect(time.pending()).toBe(0);
});

test('what takes long has begun', async () => {
  const { time, sent, commands } = bench(() => new Promise(() => undefined));
  commands.onAsked(asked);
  await time.advance(1400);
  expect(sent).toEqual([]);
  await time.advance(200);
  expect(sent).toMatchObject([{ ok: true, error: null }]);
});

test('what another room throws is an answer, early and late', async () => {
  const early = bench(async () => {
    throw new TandemFailure('clusterUnknown', { name: 'lab' });
  });
  early.commands.onAsked(asked);
  await early.time.advance(0);
  expect(early.sent).toMatchObject([{ ok: false, error: { code: 'clusterUnknown' } }]);
  const odd = bench(() => Promise.reject(new Error('odd')));
  odd.commands.onAsked(asked);
  await odd.time.advance(0);
  expect(odd.sent).toMatchObject([{ ok: false, error: { code: 'internal' } }]);
  // Vitest fails the file on a rejection that nobody handles.
  const late: ReturnType<typeof bench> = bench(
    () =>
      new Promise(
        (_resolve, reject) => void late.time.scheduler.after(3000, () => reject(new Error('late'))),
      ),
  );
  late.commands.onAsked(asked);
  await late.time.advance(10_000);
  expect(late.sent).toMatchObject([{ ok: true }]);
});

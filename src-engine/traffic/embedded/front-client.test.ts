import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { ok } from '../../../src-shared/errors/result.ts';
import { openControl } from '../front/control.ts';
import { frontClient } from './front-client.ts';

test('silence is named, and after 5 s of it somebody is told, once', async () => {
  const { clock, advance } = fakeTime();
  let told = 0;
  const client = frontClient(
    () => join(temporaryFolder('front'), 'none.sock'),
    clock,
    () => void (told += 1),
  );
  expect(await client.state()).toMatchObject({ ok: false, error: { code: 'frontDown' } });
  await advance(4000);
  await client.state();
  expect(told).toBe(0);
  await advance(2000);
  await client.state();
  await client.dead();
  expect(told).toBe(1);
});

test('what the front refuses is said in its words; something else that answers is no front', async () => {
  const { clock } = fakeTime();
  const socket = join(temporaryFolder('front'), 'front.sock');
  const server = await openControl(socket, {
    'POST /weights': () => ({ ok: false, error: { code: 'badRequest', params: { detail: 'the sum' } } }),
    'POST /dead': () => ok({ resent: 2, cut: [], cutCount: 0 }),
    'GET /state': () => ok({ hello: 'world' }),
  });
  const client = frontClient(
    () => socket,
    clock,
    () => undefined,
  );
  expect(await client.weights({ core: 1, edge: 1 })).toEqual({
    ok: false,
    error: { code: 'badRequest', params: { detail: 'the sum' } },
  });
  expect(await client.dead()).toEqual({ ok: true, value: { resent: 2, cut: [], cutCount: 0 } });
  expect(await client.state()).toMatchObject({ ok: false, error: { code: 'frontDown' } });
  expect(await client.revive()).toMatchObject({ ok: false, error: { code: 'notFound' } });
  server.close();
});

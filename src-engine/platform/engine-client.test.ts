import { PassThrough, Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import { fail } from '../../src-shared/errors/result.ts';
import { clientOver } from './engine-client.ts';

/** An engine whose door is open and who never says a word. */
const deaf = () => Duplex.from({ readable: new PassThrough(), writable: new PassThrough() });

test('a quick question to an engine that hangs is answered as lost; a long piece of work is waited for', async () => {
  const { scheduler, advance } = fakeTime();
  const client = clientOver(deaf(), { scheduler, quickLimitMs: 15_000 });
  const answers: unknown[] = [];
  void client.call('status.get', {}).then((answer) => answers.push(answer));
  void client.call('cluster.start', {}).then((answer) => answers.push(answer));
  void client.call('cluster.list', {}, 20_000).then((answer) => answers.push(answer));
  await advance(14_000);
  expect(answers).toEqual([]);
  await advance(2000);
  expect(answers).toEqual([fail('engineLost')]);
  await advance(3_600_000);
  expect(answers).toEqual([fail('engineLost'), fail('engineLost')]);
});

import { expect, test } from 'vitest';
import { worlds } from '../test/doubles/worlds.ts';
import { fail, ok, type Result } from '../src-shared/errors/result.ts';
import type { World } from '../src-shared/world/world.ts';
import { emptyDemoView } from '../src-shared/demo.ts';
import { answerBridge } from './bridge-answers.ts';
import type { DemoFeed } from './demo-feed.ts';

function setUp(
  world: World | null = null,
  demo: DemoFeed | null = null,
  kubeconfig: Result<unknown> = ok({ kubeconfig: 'its text' }),
) {
  const log: string[] = [];
  const answer = answerBridge({
    world: () => world,
    callEngine: async (method) => {
      log.push(method);
      if (method === 'cluster.kubeconfig') return kubeconfig;
      return method === 'settings.set' ? ok({}) : fail('engineLost');
    },
    settingsChanged: () => log.push('settingsChanged'),
    context: () => ({ language: 'en', platform: 'linux', engine: 'lost' }),
    popover: () => ({
      hide: () => log.push('hide'),
      resize: (height) => log.push(`resize ${height}`),
      painted: () => log.push('painted'),
    }),
    copyText: async (text) => void log.push(`copied ${text}`),
    demo: () => demo,
    quit: () => log.push('quit'),
  });
  return { log, answer };
}

test('verbs of the engine go to the engine, and a setting that was written is heard of', async () => {
  const { log, answer } = setUp();
  expect(await answer({ to: 'engine', method: 'cluster.stop', input: {} })).toEqual(fail('engineLost'));
  await answer({ to: 'engine', method: 'settings.set', input: {} });
  expect(log).toEqual(['cluster.stop', 'settings.set', 'settingsChanged']);
});

test('the World comes from the shell, also while the engine is away; before the first one it is asked for', async () => {
  expect(await setUp(worlds.running).answer({ to: 'engine', method: 'status.get', input: {} })).toEqual(
    ok(worlds.running),
  );
  const { log, answer } = setUp();
  await answer({ to: 'engine', method: 'status.get', input: {} });
  expect(log).toEqual(['status.get']);
});

test('verbs of the shell are carried out here', async () => {
  const { log, answer } = setUp();
  await answer({ to: 'shell', method: 'shell.resize', input: { heightPixels: 400 } });
  await answer({ to: 'shell', method: 'shell.hidePopover', input: {} });
  await answer({ to: 'shell', method: 'shell.painted', input: {} });
  await answer({ to: 'shell', method: 'shell.quit', input: {} });
  expect(log).toEqual(['resize 400', 'hide', 'painted', 'quit']);
  expect(await answer({ to: 'shell', method: 'shell.context', input: {} })).toEqual(
    ok({ language: 'en', platform: 'linux', engine: 'lost' }),
  );
});

test('a kubeconfig goes to the clipboard, and no word of it to the page', async () => {
  const ask = { to: 'shell', method: 'shell.copyKubeconfig', input: { name: 'lab' } } as const;
  const { log, answer } = setUp();
  expect(await answer(ask)).toEqual(ok({}));
  expect(log).toEqual(['cluster.kubeconfig', 'copied its text']);
  const refused = setUp(null, null, fail('clusterHasNoKubeconfig', { name: 'lab' }));
  expect(await refused.answer(ask)).toEqual(fail('clusterHasNoKubeconfig', { name: 'lab' }));
  expect(refused.log).toEqual(['cluster.kubeconfig']);
});

test('a line goes to the demo that opened the app; another app has none, and says so', async () => {
  const sent: string[] = [];
  const send = (line: string): boolean => sent.push(line) === 1;
  const demo = setUp(null, { view: () => emptyDemoView, send }).answer;
  const ask = { to: 'shell', method: 'shell.demo', input: {} } as const;
  expect(await demo(ask)).toEqual(ok({ view: emptyDemoView }));
  expect(await demo({ ...ask, input: { line: 'ac off' } })).toEqual(ok({ view: emptyDemoView }));
  expect(await demo({ ...ask, input: { line: 'ac on' } })).toEqual(fail('engineLost'));
  expect(sent).toEqual(['ac off', 'ac on']);
  const { answer } = setUp();
  expect(await answer(ask)).toEqual(ok({ view: null }));
  expect(await answer({ ...ask, input: { line: 'ac off' } })).toMatchObject({
    ok: false,
    error: { code: 'unknownMethod' },
  });
});

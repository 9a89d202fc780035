import { expect, test } from 'vitest';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { watchResource } from './resource-watch.ts';
import type { Kept, Listener, Page, WatchEnd, WatchSource } from './watch-source.ts';

const named = (...keys: string[]): Kept[] => keys.map((key) => ({ key }));
const page = (keys: string[], version: string, next: string | null = null): Page<Kept> => ({
  type: 'page',
  items: named(...keys),
  next,
  version,
});

/** An API that lists what it is given, and whose watches are driven by the test. */
function bench(pages: Page<Kept>[] = [page(['a', 'b'], '10')]) {
  const time = fakeTime();
  const watches: { version: string; listener: Listener<Kept>; isOpen: boolean }[] = [];
  const api = { pages, refuses: null as WatchEnd | null, lists: 0 };
  const source: WatchSource<Kept> = {
    async list() {
      const at = Math.min(api.lists, api.pages.length - 1);
      api.lists += 1;
      return api.pages[at] ?? { type: 'failed' };
    },
    async watch(version, listener) {
      const one = { version, listener, isOpen: api.refuses === null };
      watches.push(one);
      return api.refuses ?? { dispose: () => void (one.isOpen = false) };
    },
  };
  const last = () => {
    const one = watches.at(-1);
    if (one === undefined) throw new Error('no watch was opened');
    return one;
  };
  return { time, api, watches, last, watch: watchResource(source, time), source };
}

const keys = ({ items }: { items: ReadonlyMap<string, Kept> }) => [...items.keys()];

test('lists once, follows every change, and goes on where a watch ended', async () => {
  const { time, api, watch, watches, last } = bench();
  await time.advance(0);
  expect(keys(watch)).toEqual(['a', 'b']);
  expect(last().version).toBe('10');
  last().listener.change({ type: 'set', item: { key: 'c' }, version: '11' });
  last().listener.change({ type: 'gone', key: 'a', version: '12' });
  expect(keys(watch)).toEqual(['b', 'c']);
  last().listener.change({ type: 'bookmark', version: '90' });
  await time.advance(40_000);
  last().listener.ended('closed');
  await time.advance(0);
  expect([watches.length, last().version, api.lists]).toEqual([2, '90', 1]);
  expect(watch.isLive()).toBe(true);
});

test('a list comes in pages, and shows only when it is whole', async () => {
  const { time, watch } = bench([page(['a'], '10', 'more'), page(['b'], '10')]);
  await time.advance(0);
  expect(keys(watch)).toEqual(['a', 'b']);
});

test('410: listed anew, and what went meanwhile is gone', async () => {
  const { time, api, watch, last } = bench([page(['a', 'b'], '10'), page(['b', 'c'], '50')]);
  await time.advance(0);
  await time.advance(40_000);
  last().listener.ended('expired');
  await time.advance(0);
  expect(api.lists).toBe(2);
  expect(keys(watch)).toEqual(['b', 'c']);
  expect(last().version).toBe('50');
});

test('what the API had stays while it is away, but is not called live', async () => {
  const { time, api, watch, last } = bench();
  await time.advance(0);
  api.refuses = 'failed';
  last().listener.ended('failed');
  await time.advance(0);
  expect([watch.isLive(), keys(watch)]).toEqual([false, ['a', 'b']]);
});

test('an API that is away is tried slower and slower, and after three times its version is doubted', async () => {
  const { time, api, watches, last } = bench();
  await time.advance(0);
  api.refuses = 'failed';
  last().listener.ended('failed');
  await time.advance(0);
  await time.advance(10 * 60_000);
  // 1, 2, 4, 8, 16, 32 and then 60 s each.
  expect(watches.length).toBeGreaterThan(10);
  expect(watches.length).toBeLessThan(18);
  expect(api.lists).toBeGreaterThan(1);
  api.refuses = null;
  await time.advance(60_000);
  expect(last().isOpen).toBe(true);
});

test('who asks for it does not wait for the slow one', async () => {
  const { time, api, watch, last } = bench();
  await time.advance(0);
  api.refuses = 'failed';
  last().listener.ended('failed');
  await time.advance(0);
  await time.advance(5 * 60_000);
  api.refuses = null;
  const asked = watch.live(AbortSignal.timeout(60_000));
  await time.advance(1000);
  expect(await asked).toBe(true);
});

test('it is not waited for longer than the asker wants', async () => {
  const { time, watch } = bench([{ type: 'failed' }]);
  const patience = new AbortController();
  const asked = watch.live(patience.signal);
  await time.advance(500);
  patience.abort();
  expect(await asked).toBe(false);
});

test('a watch that says nothing for longer than bookmarks take is dead', async () => {
  const { time, watches, last } = bench();
  await time.advance(0);
  const [first] = watches;
  await time.advance(100_000);
  last().listener.change({ type: 'bookmark', version: '20' });
  await time.advance(100_000);
  expect(watches).toHaveLength(1);
  await time.advance(100_000);
  expect(first?.isOpen).toBe(false);
  expect(last().version).toBe('20');
});

test('what has no bound is bounded: the oldest go first', async () => {
  const { time, source, last } = bench([page([], '1')]);
  const watch = watchResource(source, time, 3);
  await time.advance(0);
  for (const key of ['a', 'b', 'c', 'a', 'd'])
    last().listener.change({ type: 'set', item: { key }, version: '2' });
  expect(keys(watch)).toEqual(['c', 'a', 'd']);
});

test('of a list that is longer the newest stay, in whatever order it came', async () => {
  const items = [5, 1, 9, 3, 7].map((rank) => ({ key: `at${rank}`, rank }));
  const listed = { type: 'page', items, next: null, version: '1' } as const;
  const { time, source } = bench([listed]);
  const watch = watchResource(source, time, 3);
  await time.advance(0);
  expect(keys(watch)).toEqual(['at5', 'at7', 'at9']);
});

test('an end closes the watch, and nothing goes on', async () => {
  const { time, watch, watches, last } = bench();
  await time.advance(0);
  watch.dispose();
  await time.advance(10 * 60_000);
  expect([watches.length, last().isOpen, watch.isLive(), watch.items.size]).toEqual([1, false, false, 0]);
  expect(time.pending()).toBe(0);
});

import { expect, test } from 'vitest';
import { translator } from '../language/translate.ts';
import type { Workload } from './clusters.ts';
import { say } from './sentence.ts';
import { workloadSentences } from './workload-sentence.ts';

const none = { total: 9, running: 9, starting: 0, pending: 0, failing: 0, ending: 0, finished: 0 };
const warning = {
  at: null,
  reason: 'BackOff',
  about: 'Pod shop/web',
  message: 'Back-off restarting',
  count: 7,
};
const workload = (change: Partial<Workload['pods']>, worst: Workload['worst'] = []): Workload => ({
  pods: { ...none, ...change },
  worst,
  warnings: { count: 1, newest: [warning] },
});
const words = (of: Workload) =>
  workloadSentences(of).map((one) => say(one, { t: translator('en'), now: new Date(0) }));

test('nothing while all is well, whatever the cluster warns of', () => {
  expect(words(workload({ starting: 3, ending: 1 }))).toEqual([]);
});

test('how many, three of them by name, and the newest warning', () => {
  const failing = (name: string, restarts: number) =>
    ({ name, standing: 'failing', why: 'CrashLoopBackOff', restarts }) as const;
  const worst = [failing('shop/a', 9), failing('shop/b', 1), failing('shop/c', 0), failing('shop/d', 0)];
  expect(words(workload({ failing: 4, pending: 1 }, worst))).toEqual([
    '4 pods fail',
    '1 pod finds no node',
    'shop/a: CrashLoopBackOff, 9 restarts',
    'shop/b: CrashLoopBackOff, 1 restart',
    'shop/c: CrashLoopBackOff',
    'Pod shop/web: BackOff',
  ]);
});

test('a pod without a reason, and warnings that nobody may read', () => {
  const of = workload({ pending: 1 }, [{ name: 'shop/a', standing: 'pending', why: null, restarts: 0 }]);
  expect(words({ ...of, warnings: null })).toEqual(['1 pod finds no node', 'shop/a: ?']);
});

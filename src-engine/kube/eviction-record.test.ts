import { expect, test } from 'vitest';
import type { Emptied } from './empty-cluster.ts';
import { evictionRecord, notAskedRecord } from './eviction-record.ts';

const emptied = (change: Partial<Emptied> = {}): Emptied => ({
  answered: true,
  trouble: null,
  cordoned: ['one'],
  evicted: ['shop/web'],
  deleted: [],
  left: [],
  staying: [],
  elapsedMs: 1200,
  ...change,
});

test('all went by themselves', () => {
  const { what, why } = evictionRecord('lab', emptied());
  expect([what, why]).toEqual(['pods of lab before its stop: 1 evicted', null]);
});

test('what was deleted names its budget, what stays is counted', () => {
  const guarded = ['a', 'b'].map((name) => ({ name, budget: 'web' }));
  const change = { deleted: guarded, staying: [{ name: 'shop/db', why: 'localData' }] } as const;
  const { what, why } = evictionRecord('lab', emptied(change));
  expect(why).toBe('web');
  expect(what).toContain('2 deleted (held by web)');
  expect(what).toContain('1 left on their nodes');
});

test('an API that said nothing is no cluster without pods', () => {
  const { what, why, evidence } = evictionRecord(
    'lab',
    emptied({ answered: false, trouble: 'silent', evicted: [] }),
  );
  expect([why, evidence.answered]).toEqual(['apiSlow', false]);
  expect(what).not.toContain('0 evicted');
});

test('an API that went away: what was done is said, and why it was not all', () => {
  const { what, why } = evictionRecord('lab', emptied({ answered: false, trouble: 'away' }));
  expect(why).toBe('apiUnreachable');
  expect(what).toContain('1 evicted');
});

test('a cluster that could not be asked is told, too', () => {
  expect(notAskedRecord('lab', 'noKubeconfig').why).toBe('kubeconfigMissing');
});

test('a record fits a line of history, and counts what it leaves out', () => {
  const name = `shop/${'x'.repeat(120)}`;
  const many = Array.from({ length: 400 }, () => ({ name, budget: 'web' }));
  const { evidence } = evictionRecord(
    'lab',
    emptied({ evicted: many.map(() => name), left: many.slice(0, 1) }),
  );
  expect(evidence.counts.evicted).toBe(400);
  expect(JSON.stringify(evidence).length).toBeLessThan(16 * 1024);
});

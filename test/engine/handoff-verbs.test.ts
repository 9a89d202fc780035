import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handoffReport } from '../doubles/handoff-report.ts';
import { documents, openRig, type Rig } from './tandem.ts';

// A Mac that is paired with none: every verb of a departure says so by name, and reports are read without a pair.
let rig: Rig;
beforeAll(async () => {
  rig = openRig();
  await rig.startEngine();
});
afterAll(() => rig?.close());

const errorOf = (stderr: string): string | undefined =>
  documents<{ error?: { code: string } }>(stderr)[0]?.error?.code;

test('leave, return, cancel, delay and the dry run on a single Mac: exit 1, singleMac', async () => {
  const verbs = [
    ['leave'],
    ['leave', '--dry-run'],
    ['leave', '--no-wait'],
    ['return'],
    ['cancel'],
    ['delay'],
  ];
  for (const words of verbs) {
    const ran = await rig.tandem(...words, '--json');
    expect([words.join(' '), ran.code, errorOf(ran.stderr)]).toEqual([words.join(' '), 1, 'singleMac']);
    expect(ran.stdout).toBe('');
  }
});

test('traffic and hand-off of a single Mac are null; asking the other Mac says that there is none', async () => {
  const world = await rig.status();
  expect([world.traffic, world.handoff]).toEqual([null, null]);
  expect(await rig.json('traffic')).toBeNull();
  const asked = await rig.tandem('peer', 'ask', 'leave', '--json');
  expect([asked.code, errorOf(asked.stderr)]).toEqual([1, 'notPaired']);
});

test('a report is a page of Markdown; --json gives the record with it; another record has none', async () => {
  const record = {
    id: 'r-1',
    at: '2026-03-02T09:30:20.000Z',
    kind: 'handoff.departure',
    what: 'departure offline',
    why: null,
    evidence: { report: handoffReport() },
  };
  const other = { ...record, id: 'r-2', kind: 'cluster.stop' };
  const lines = [record, other].map((one) => `${JSON.stringify(one)}\n`).join('');
  appendFileSync(join(rig.home, 'history.jsonl'), lines);
  const page = await rig.tandem('history', 'report', 'r-1');
  expect(page.code).toBe(0);
  expect(page.stdout).toMatch(/^# Departure: .*\n/);
  expect(page.stdout).toContain('| DRAINING | Let open requests finish | done | 10.0 s | 45.0 s |');
  const both = await rig.json<{ record: unknown; markdown: string | null }>('history', 'report', 'r-1');
  expect(both.record).toEqual(record);
  expect(both.markdown?.trimEnd()).toBe(page.stdout.trimEnd());
  expect((await rig.json<{ markdown: unknown }>('history', 'report', 'r-2')).markdown).toBeNull();
});

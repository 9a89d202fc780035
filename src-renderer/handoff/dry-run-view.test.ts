import { expect, test } from 'vitest';
import { translator } from '../../src-shared/language/translate.ts';
import { say } from '../../src-shared/world/sentence.ts';
import { dryRun } from '../../test/doubles/handoff-parts.ts';
import { coreWorlds, edgeWorlds } from '../../test/doubles/handoff-worlds.ts';
import { dryRunView } from './dry-run-view.ts';

const english = { t: translator('en'), now: new Date() };
const told = (...args: Parameters<typeof dryRunView>) => {
  const { tone, verdict, rows } = dryRunView(...args);
  const values = Object.fromEntries(
    rows.map(({ label, value }) => [label.key.replace('dryRun.row.', ''), say(value, english)]),
  );
  return { tone, verdict: say(verdict, english), values };
};

test('a core that can carry everything: yes, with what was measured', () => {
  expect(told(edgeWorlds.serving, dryRun())).toEqual({
    tone: 'ok',
    verdict: 'This Mac could leave: Mac mini can carry everything',
    values: {
      time: 'about 28 s, by 4 departures',
      core: '20 of 20 probes well, p95 14 ms',
      requests: '93 requests/s',
      open: '7 now',
      cluster: 'tandem would be stopped',
      pods: 'none',
    },
  });
  expect(told(coreWorlds.serving, dryRun()).verdict).toBe(
    'MacBook could leave: this Mac can carry everything',
  );
});

test('what was not measured is unknown, and no verdict is made of it', () => {
  const nothing = dryRun({
    coreFit: null,
    coreProbes: null,
    perSecond: null,
    inFlight: null,
    expectedMs: null,
    departures: 0,
    cluster: null,
    stuckPods: null,
  });
  const { tone, verdict, values } = told(edgeWorlds.serving, nothing);
  expect([tone, verdict]).toEqual(['unknown', 'Whether Mac mini can carry everything is not known']);
  expect(values).toEqual({
    time: 'not known: no departure yet',
    core: 'unknown',
    requests: 'unknown',
    open: 'unknown',
    cluster: 'no cluster is running',
    pods: 'unknown',
  });
});

test('a problem, or a core that is unfit, is a no', () => {
  expect(told(edgeWorlds.serving, dryRun({ coreFit: false })).tone).toBe('warn');
  const held = dryRun({ problems: [{ code: 'coreAway', params: {} }] });
  expect(told(edgeWorlds.serving, held).verdict).toBe('This Mac would not leave now');
});

import { expect, test } from 'vitest';
import { fail, ok } from '../../../src-shared/errors/result.ts';
import { brokerFile } from '../../../test/doubles/broker-file.ts';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { openPeerTalk, type OwnFacts, type PeerTalk, type TalkPorts } from './peer-talk.ts';

const own: OwnFacts = {
  clusterId: 'lab-core',
  joined: false,
  podCidrs: ['10.10.0.0/16'],
  serviceCidrs: ['10.110.0.0/16'],
  nodeCidrs: [],
  broker: null,
  registered: [],
  registeredKnown: true,
};
const file = brokerFile();

/** Two engines whose frames arrive at once; `wire` says what passed. */
function pair(core: Partial<TalkPorts> = {}) {
  const time = fakeTime();
  const wire: string[] = [];
  const logged: unknown[] = [];
  const sides: { core?: PeerTalk; edge?: PeerTalk } = {};
  const open = (other: () => PeerTalk | undefined, more: Partial<TalkPorts>): PeerTalk =>
    openPeerTalk({
      ...time,
      log: {
        error: () => undefined,
        warn: (...what: unknown[]) => void logged.push(what),
      } as unknown as TalkPorts['log'],
      role: () => 'edge',
      send(payload) {
        wire.push(JSON.stringify(payload));
        return other()?.heard(JSON.parse(JSON.stringify(payload))) ?? false;
      },
      sendSecret(name, value) {
        other()?.heardSecret(name, value);
        return true;
      },
      ownFacts: async () => own,
      brokerText: async () => fail('brokerMissing'),
      forget: async () => true,
      forgotten: async () => undefined,
      ...more,
    });
  sides.core = open(() => sides.edge, { role: () => 'core', ...core });
  sides.edge = open(() => sides.core, {});
  return { core: sides.core, edge: sides.edge, time, wire, logged };
}

test('the broker file goes as a secret alone: no frame that may be logged holds a letter of it', async () => {
  const { edge, wire, logged } = pair({ brokerText: async () => ok(file) });
  expect(await edge.askForBroker()).toEqual({ ok: true, value: file });
  expect(wire.join()).not.toContain(file.slice(0, 24));
  // Sent again, it is one that nobody waits for, and neither kept nor logged.
  edge.heardSecret('submariner-broker/00000000-0000-4000-8000-000000000000', file);
  expect(logged).toHaveLength(1);
  expect(JSON.stringify(logged)).not.toContain(file.slice(0, 24));
});

test('a core without one says why; an edge is asked in vain', async () => {
  expect(await pair().edge.askForBroker()).toMatchObject({ error: { code: 'brokerMissing' } });
  const broken = pair({ brokerText: async () => fail('brokerFileOther') });
  expect(await broken.edge.askForBroker()).toMatchObject({ error: { code: 'brokerFileOther' } });
  const asked = pair({ role: () => 'edge', brokerText: async () => ok(file) });
  expect(await asked.edge.askForBroker()).toMatchObject({ error: { code: 'brokerMissing' } });
});

test('facts of the other Mac, and the distance of its clock', async () => {
  const { edge, time } = pair();
  const word = await edge.ask();
  expect(word).toMatchObject({ clusterId: 'lab-core', podCidrs: ['10.10.0.0/16'], skewMs: 0 });
  expect(edge.last()).toBe(word);
  const late = pair({
    clock: { monotonicMs: () => 0, wall: () => new Date(time.clock.wall().getTime() - 7000) },
  });
  expect((await late.edge.ask())?.skewMs).toBe(-7000);
});

test('a list that its broker did not answer is unknown, and none; an older Tandem’s counts as it is', async () => {
  const silent = pair({ ownFacts: async () => ({ ...own, registeredKnown: false }) });
  expect((await silent.edge.ask())?.registered).toBeNull();
  const { registeredKnown: _unsaid, ...old } = { ...own, registered: ['lab-old'] };
  const older = pair({ ownFacts: async () => old as OwnFacts });
  expect((await older.edge.ask())?.registered).toEqual(['lab-old']);
});

test('an older Tandem says nothing: the question ends by itself', async () => {
  const { edge, time } = pair({ ownFacts: () => new Promise(() => undefined) });
  const asked = edge.ask();
  await time.advance(5000);
  expect(await asked).toBeNull();
});

test('the edge’s good-bye is answered when its entries are gone, and said again else', async () => {
  const gone: string[] = [];
  const { edge, wire } = pair({ forget: async (clusterId) => gone.push(clusterId) === 2 });
  edge.sayLeft('lab-edge');
  await Promise.resolve();
  expect(wire.join()).not.toContain('forgotten');
  edge.sayLeft('lab-edge');
  await new Promise((resolve) => setImmediate(resolve));
  expect(wire.join()).toContain('"submariner.forgotten","clusterId":"lab-edge"');
});

test('what is not of Submariner is left to others, and junk of it is dropped', () => {
  const { core, logged } = pair();
  expect(core.heard({ type: 'exports', relay: null, services: [] })).toBe(false);
  expect(core.heard('junk')).toBe(false);
  expect(core.heard({ type: 'submariner.left', clusterId: '../../etc' })).toBe(true);
  expect(logged).toHaveLength(1);
});

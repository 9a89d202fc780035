import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pairOfKeys } from '../../../test/doubles/pair-keys.ts';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { systemClock } from '../../platform/clock.ts';
import type { FrontDocument } from './documents.ts';
import { createFront } from './front.ts';
import { enter, type InFlight } from './sides.ts';

function documentIn(folder: string): FrontDocument {
  const keys = pairOfKeys();
  const ownPemFile = join(folder, 'own.pem');
  writeFileSync(ownPemFile, keys.core.certificatePem + keys.core.keyPem);
  const host = '127.0.0.1';
  return {
    config: {
      listen: { host, port: 1 },
      core: { host, port: 2, healthPath: '/' },
      edge: { host, port: 3, tls: { ownPemFile, peerPemFile: '', peerPin: keys.edge.pin } },
    },
    shares: { core: 20, edge: 80 },
    dead: false,
  };
}

const request = (more: Partial<InFlight>): InFlight => ({
  method: 'GET',
  path: '/',
  probe: false,
  startedMs: systemClock.monotonicMs(),
  abandon: () => 'cut',
  expire: () => undefined,
  ...more,
});

test('dead: all of it goes to the core until it is revived, and then its share is still 0', () => {
  const front = createFront(documentIn(temporaryFolder('front')), systemClock);
  expect(front.shares()).toEqual({ core: 20, edge: 80 });
  front.dead();
  front.setShares({ core: 20, edge: 80 });
  expect(front.shares()).toEqual({ core: 100, edge: 0 });
  expect(front.sides.edge.carrier).toBeNull();
  expect(front.document().dead).toBe(true);
  front.revive();
  expect(front.shares()).toEqual({ core: 100, edge: 0 });
  expect(front.sides.edge).toMatchObject({ usable: true, up: null, weight: 0 });
  front.setShares({ core: 20, edge: 80 });
  expect(front.shares()).toEqual({ core: 20, edge: 80 });
});

test('a revived edge has another way than before, also when it had only left', () => {
  const front = createFront(documentIn(temporaryFolder('front')), systemClock);
  const [core, edge] = [front.sides.core.carrier, front.sides.edge.carrier];
  front.revive();
  expect(front.sides.edge.carrier).not.toBe(edge);
  expect(front.sides.core.carrier).toBe(core);
});

test('what the dead edge held is told: sent again, cut with its path and age, and what needed it no more', () => {
  const front = createFront(documentIn(temporaryFolder('front')), systemClock);
  enter(front.sides.edge, request({ abandon: () => 'resent' }));
  enter(front.sides.edge, request({ method: 'POST', path: `/${'x'.repeat(300)}` }));
  enter(front.sides.edge, request({ abandon: () => 'whole' }));
  const { resent, cut, cutCount } = front.dead();
  expect([resent, cutCount, cut[0]?.method, cut[0]?.path.length]).toEqual([1, 1, 'POST', 200]);
});

test('without an edge all goes to the core; an address that is the same keeps its connections', () => {
  const document = documentIn(temporaryFolder('front'));
  const front = createFront(document, systemClock);
  const edge = front.sides.edge.carrier;
  front.configure({ ...document, shares: { core: 50, edge: 50 } });
  expect(front.sides.edge.carrier).toBe(edge);
  expect(front.shares()).toEqual({ core: 50, edge: 50 });
  front.configure({ ...document, config: { ...document.config, edge: null } });
  expect(front.shares()).toEqual({ core: 100, edge: 0 });
  expect(front.sides.edge.usable).toBe(false);
});

test('what a gateway dealt goes where it dealt it, unless the edge has no share, or is down, or dead', () => {
  const front = createFront(documentIn(temporaryFolder('front')), systemClock);
  const dealt = () => (['core', 'edge'] as const).map((of) => front.deal(of));
  expect(dealt()).toEqual(['core', 'edge']);
  front.setShares({ core: 99, edge: 1 });
  expect([...dealt(), ...dealt()]).toEqual(['core', 'edge', 'core', 'edge']);
  front.sides.edge.up = false;
  expect(dealt()).toEqual(['core', 'core']);
  front.sides.edge.up = true;
  // A gateway that still deals to it is late.
  front.setShares({ core: 100, edge: 0 });
  expect(dealt()).toEqual(['core', 'core']);
  front.setShares({ core: 20, edge: 80 });
  front.dead();
  expect(dealt()).toEqual(['core', 'core']);
});

test('keys that cannot be read change nothing', () => {
  const document = documentIn(temporaryFolder('front'));
  const front = createFront(document, systemClock);
  const { edge } = document.config;
  if (edge === null) throw new Error('no edge');
  const wrong = { ...edge, tls: { ...edge.tls, ownPemFile: '/nowhere.pem' } };
  const before = front.sides.core.carrier;
  const config = { ...document.config, core: { ...document.config.core, port: 9 }, edge: wrong };
  expect(() => front.configure({ ...document, config })).toThrow('ENOENT');
  expect(front.document()).toEqual(document);
  expect(front.sides.core.carrier).toBe(before);
});

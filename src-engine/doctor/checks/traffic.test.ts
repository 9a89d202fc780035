import { expect, test } from 'vitest';
import { defaultSettings } from '../../../src-shared/settings.ts';
import type { Role } from '../../../src-shared/world/role.ts';
import type { GateView, Traffic } from '../../../src-shared/world/traffic.ts';
import { WORLD_AT } from '../../../test/doubles/worlds.ts';
import type { Check, CheckContext } from '../check.ts';
import { frontCheck } from './front.ts';
import { gateCheck } from './gate.ts';

const up: Traffic = {
  front: 'haproxy',
  why: 'haproxyFound',
  state: 'up',
  problem: null,
  listen: '127.0.0.1:47380',
  weights: { core: 20, edge: 80 },
  seen: null,
  requestsPerSecond: 0,
  perSecond: null,
  inFlight: { core: 0, edge: 0 },
  backends: {
    core: { address: '127.0.0.1:47390', healthy: true, probeMs: 1 },
    edge: { address: '192.0.2.8:47381', healthy: true, probeMs: 3 },
  },
  gate: null,
  source: 'haproxy',
  sampledAt: WORLD_AT,
};
const silentEdge = { ...up.backends, edge: { address: '192.0.2.8:47381', healthy: false, probeMs: null } };
const gate = (notReady: GateView['notReady']): Traffic => ({
  ...up,
  gate: { listen: '192.0.2.8:47381', ready: notReady === null, notReady, inFlight: 0 },
});

interface Situation {
  readonly role?: Role;
  /** Null: the engine says nothing of traffic; undefined: no engine. */
  readonly traffic?: Traffic | null | undefined;
  readonly address?: string | null;
  readonly answers?: boolean;
}

async function said(check: Check, situation: Situation): Promise<string> {
  const {
    role = check.name === 'gate' ? 'edge' : 'core',
    traffic,
    address = null,
    answers = false,
  } = situation;
  // Neither check looks at anything else.
  const context = {
    settings: { ...defaultSettings, role },
    traffic: {
      engine: async () => (traffic === undefined ? null : { traffic }),
      gateAddress: async () => address,
      answers: async () => answers,
    },
  } as unknown as CheckContext;
  const { verdict, sentenceKey, actionKey } = await check.run(context);
  expect(actionKey !== null).toBe(verdict !== 'ok');
  return `${verdict} ${sentenceKey}`;
}

test.each<[string, Situation]>([
  ['ok doctor.front.none', { role: 'edge', traffic: up }],
  ['ok doctor.front.none', { role: 'single' }],
  ['advice doctor.front.engineless', {}],
  ['ok doctor.front.up', { traffic: up }],
  ['ok doctor.front.haproxyMissing', { traffic: { ...up, front: 'embedded', why: 'haproxyMissing' } }],
  ['advice doctor.front.starting', { traffic: { ...up, state: 'starting' } }],
  ['problem error.frontDown', { traffic: { ...up, state: 'down' } }],
  [
    'problem error.frontPortTaken',
    { traffic: { ...up, state: 'down', problem: { code: 'frontPortTaken', params: { port: 47_380 } } } },
  ],
  ['advice error.frontEdited', { traffic: { ...up, problem: { code: 'frontEdited', params: {} } } }],
  ['problem doctor.front.edgeSilent', { traffic: { ...up, backends: silentEdge } }],
  // It has left: nobody expects it to answer.
  ['ok doctor.front.up', { traffic: { ...up, backends: silentEdge, weights: { core: 100, edge: 0 } } }],
])('the front: %s', async (words, situation) => {
  expect(await said(frontCheck, situation)).toBe(words);
});

test.each<[string, Situation]>([
  ['ok doctor.gate.none', { role: 'core', traffic: up }],
  ['advice doctor.gate.engineless', {}],
  ['ok doctor.gate.ready', { traffic: gate(null) }],
  ['ok doctor.gate.leaving', { traffic: gate('leaving') }],
  ['problem doctor.gate.upstreamDown', { traffic: gate('upstreamDown') }],
  ['advice doctor.gate.stayOut', { traffic: gate('stayOut') }],
  ['advice doctor.gate.paused', { traffic: gate('paused') }],
  ['advice doctor.gate.starting', { traffic: gate('starting') }],
  ['advice doctor.gate.unknown', { traffic: null }],
  ['ok doctor.gate.open', { traffic: null, address: '192.0.2.8:47381', answers: true }],
  ['problem doctor.gate.closed', { traffic: null, address: '192.0.2.8:47381' }],
])('the gate: %s', async (words, situation) => {
  expect(await said(gateCheck, situation)).toBe(words);
});

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { pairOfKeys } from '../../../test/doubles/pair-keys.ts';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { systemClock, systemScheduler } from '../../platform/clock.ts';
import { homeAt } from '../../platform/home.ts';
import { silentLog } from '../../platform/log.ts';
import { openControl, type Acts } from '../front/control.ts';
import { actsOf } from '../front/front-acts.ts';
import { createFront } from '../front/front.ts';
import type { FrontConfig } from '../ports.ts';
import { controlSocketOf } from '../process/own-program.ts';
import { embeddedFront } from './embedded-front.ts';

vi.setConfig({ testTimeout: 30_000 });

const usual = { core: 20, edge: 80 };
const allOnCore = { core: 100, edge: 0 };

/** A front of a former engine that this very process plays: nothing here may end it. What it is asked can be held. */
async function bench() {
  const home = homeAt(temporaryFolder('stands'));
  const keys = pairOfKeys();
  const ownPemFile = join(home.root, 'own.pem');
  writeFileSync(ownPemFile, keys.core.certificatePem + keys.core.keyPem, { mode: 0o600 });
  const host = '127.0.0.1';
  const config: FrontConfig = {
    listen: { host, port: 1 },
    core: { host, port: 2, healthPath: '/' },
    edge: { host, port: 3, tls: { ownPemFile, peerPemFile: '', peerPin: keys.edge.pin } },
  };
  const front = createFront({ config, shares: usual, dead: false }, systemClock);
  const listener = { place: { listen: config.listen }, close: () => undefined, end: () => undefined };
  const asked: string[] = [];
  const held = new Map<string, Promise<void>>();
  const acts: Acts = Object.fromEntries(
    Object.entries(actsOf({ front, listener }, () => undefined)).map(([name, act]) => [
      name,
      async (body: unknown) => {
        asked.push(name);
        await held.get(name);
        return act(body);
      },
    ]),
  );
  const socket = controlSocketOf(home, 'front');
  mkdirSync(dirname(socket), { mode: 0o700, recursive: true });
  const control = await openControl(socket, acts);
  const ports = { home, clock: systemClock, scheduler: systemScheduler, log: silentLog, program: '/nowhere' };
  const adapter = embeddedFront(ports);
  onTestFinished(async () => {
    await adapter.dispose('keep');
    control.close();
    rmSync(dirname(socket), { recursive: true, force: true });
  });
  /** Begins something that the front hears of only after a death that is said meanwhile. */
  const overtaken = async <T>(what: string, begin: () => Promise<T>): Promise<T> => {
    let release: () => void = () => undefined;
    held.set(what, new Promise((resolve) => (release = resolve)));
    const begun = begin();
    await expect.poll(() => asked).toContain(what);
    expect(await adapter.dead()).toMatchObject({ ok: true });
    held.delete(what);
    release();
    return begun;
  };
  return { config, front, adapter, overtaken };
}

const moved = (config: FrontConfig): FrontConfig => ({ ...config, core: { ...config.core, port: 9 } });
const isOut = async ({ front, adapter }: Awaited<ReturnType<typeof bench>>): Promise<void> => {
  await expect.poll(() => front.document()).toMatchObject({ dead: true, shares: allOnCore });
  expect(await adapter.read()).toEqual({ ok: true, value: allOnCore });
  expect(await adapter.set(usual)).toMatchObject({ ok: false, error: { code: 'frontRefused' } });
};

test('an edge that dies while it is being revived stays dead, whichever of the two the front hears last', async () => {
  const b = await bench();
  expect(await b.adapter.open(b.config, usual)).toEqual({ ok: true, value: 'adopted' });
  await b.adapter.dead();
  const revived = await b.overtaken('POST /revive', () => b.adapter.revive());
  expect(revived).toMatchObject({ ok: false, error: { code: 'frontRefused' } });
  await isOut(b);
  // And the next return is one.
  expect(await b.adapter.revive()).toMatchObject({ ok: true });
  expect(await b.adapter.set(usual)).toEqual({ ok: true, value: usual });
});

test('another configuration that arrives after the death brings no share back', async () => {
  const b = await bench();
  await b.adapter.open(b.config, usual);
  const done = await b.overtaken('POST /config', () => b.adapter.reconfigure(moved(b.config), usual));
  expect(done).toEqual({ ok: true, value: undefined });
  expect(b.front.document().config.core.port).toBe(9);
  await isOut(b);
});

test('nor does the configuration that a front is adopted with', async () => {
  const b = await bench();
  const opened = await b.overtaken('POST /config', () => b.adapter.open(moved(b.config), usual));
  expect(opened).toEqual({ ok: true, value: 'adopted' });
  await isOut(b);
});

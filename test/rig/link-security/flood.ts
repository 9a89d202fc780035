import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { asTandem, attackTcp, attackTls } from './attacker.ts';
import { makeIdentity, pause, until } from './mac.ts';
import { makeVictim } from './victim.ts';

export interface FloodReport {
  readonly name: string;
  readonly rssGrowthBytes: number;
  readonly harmed: string | null;
}

const MACHINES = 30;
/** Memory of the allocator settles after three or four of these, and then stays (measured over 14, on Node and on Electron). */
const WARM_UPS = 4;
const HANDSHAKES_EACH = 4;
const JUNK_EACH = 12;

/** The attacker's program: many machines that shake hands with a wrong key, send junk, or hang. */
export async function flood(port: number, round: number): Promise<void> {
  const identity = makeIdentity();
  const junk = randomBytes(64 * 1024);
  for (let machine = 1; machine <= MACHINES; machine += 1) {
    const from = `127.0.${20 + round}.${machine}`;
    const attacks = Array.from({ length: HANDSHAKES_EACH }, () => {
      const attack = attackTls(port, asTandem(identity), from);
      attack.socket.once('secureConnect', () => attack.write(junk));
      return attack;
    });
    await until(() => attacks.every((attack) => attack.closed()), 2000);
    const others = Array.from({ length: JUNK_EACH }, () => {
      const attack = attackTcp(port, from);
      attack.write(junk);
      return attack;
    });
    await until(() => others.every((attack) => attack.closed()), 300);
    for (const attack of others) attack.socket.destroy();
  }
}

/** Memory is measured here, in the victim; the attacker is a process of its own. */
export async function measureFlood(program: string): Promise<FloodReport> {
  const victim = await makeVictim();
  for (let round = 0; round < WARM_UPS; round += 1) await floodFrom(program, victim.port, round);
  const before = await settledRss();
  await floodFrom(program, victim.port, WARM_UPS);
  const rssGrowthBytes = (await settledRss()) - before;
  const harmed = await victim.harmed();
  await victim.dispose();
  return { name: 'flood', rssGrowthBytes, harmed };
}

async function floodFrom(program: string, port: number, round: number): Promise<void> {
  const child = fork(program, ['flood', String(port), String(round)], { stdio: 'inherit' });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`the flood ended with ${String(code)}`);
}

async function settledRss(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  // Past the 2 s that a silent connection may stay.
  await pause(2200);
  gc();
  await pause(100);
  gc();
  return process.memoryUsage.rss();
}

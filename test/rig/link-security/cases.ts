import { generateKeyPairSync } from 'node:crypto';
import { createServer, type TLSSocket } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { certificateOf, keyPemOf } from '../../../src-engine/link/identity/certificate.ts';
import { pinOfCertificate } from '../../../src-engine/link/identity/pin.ts';
import type { Identity } from '../../../src-engine/link/ports.ts';
import { encodeFrame } from '../../../src-engine/link/session/framing.ts';
import { asTandem, attackTcp, attackTls, type Attack } from './attacker.ts';
import { makeIdentity, pause, until } from './mac.ts';
import {
  aHello,
  attackWithHello,
  enter,
  makeVictim,
  settleDown,
  silentlyRefused,
  type Victim,
} from './victim.ts';

/** Null when the attack got nothing; else what it got. */
type Case = (victim: Victim) => Promise<string | null>;

const MIB = 1024 * 1024;

/** The attacks of link test 20 on the TLS session, each from another address, with the good session standing. */
export const cases: Readonly<Record<string, Case>> = {
  'another key is refused, and a person hears of it once': async (victim) => {
    const refused = await silentlyRefused(attackWithHello(victim, asTandem(victim.stranger)));
    const told = JSON.stringify(victim.core.refused);
    const pin = victim.stranger.pin.slice(0, 8);
    const right = victim.core.refused.length === 1 && told.includes('peerKeyUnknown') && told.includes(pin);
    victim.core.refused.splice(0);
    return refused ?? (right ? null : `told: ${told}`);
  },
  'no certificate is refused': async (victim) => {
    const { key: _key, cert: _cert, ...bare } = asTandem(victim.stranger);
    return silentlyRefused(attackWithHello(victim, bare));
  },
  'a key of another curve is refused': async (victim) => {
    const key = generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey;
    const identity: Identity = { keyPem: keyPemOf(key), certificatePem: certificateOf(key), pin: '' };
    return silentlyRefused(attackWithHello(victim, asTandem(identity)));
  },
  'TLS 1.2 is refused in the handshake, with the right key too': async (victim) => {
    const old = asTandem(victim.friend, { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' });
    const attack = attackWithHello(victim, old);
    return (await silentlyRefused(attack)) ?? byAlert(attack, 'PROTOCOL_VERSION');
  },
  'a wrong protocol is refused in the handshake': async (victim) => {
    for (const ALPNProtocols of [['h2'], ['tandem/2'], ['tandem-pair/1']]) {
      const attack = attackWithHello(victim, asTandem(victim.friend, { ALPNProtocols }));
      const got = (await silentlyRefused(attack)) ?? byAlert(attack, 'NO_APPLICATION_PROTOCOL');
      if (got !== null) return `${ALPNProtocols.join()}: ${got}`;
    }
    return null;
  },
  'no protocol at all is refused': async (victim) => {
    const { ALPNProtocols: _alpn, ...rest } = asTandem(victim.friend);
    return silentlyRefused(attackWithHello(victim, rest));
  },
  'a resumed session with another key is refused': async (victim) => resumption(victim),
  'this Mac in its own mirror is refused': async (victim) =>
    silentlyRefused(attackWithHello(victim, asTandem(victim.core.identity))),
  'a 1 MiB frame before HELLO ends its connection': async (victim) => {
    const attack = attackTls(victim.port, asTandem(victim.friend), victim.freshAddress());
    attack.socket.once('secureConnect', () => attack.write(bigFrame()));
    return silentlyRefused(attack);
  },
  'a 1 MiB frame after WELCOME ends its session': async () =>
    withOwnVictim(async (own) => {
      const attack = await enter(own);
      attack.write(bigFrame());
      if (!(await until(attack.closed, 1500))) return 'it was not closed';
      await until(() => own.core.ends.length > 0);
      return own.core.ends.includes('protocol') ? null : `ended as ${own.core.ends.join()}`;
    }),
  'a frame of 5 KiB before WELCOME is over the cap': async (victim) => {
    const hello = { ...aHello(), padding: 'x'.repeat(5 * 1024) };
    return silentlyRefused(attackWithHello(victim, asTandem(victim.friend), hello));
  },
  'what is not HELLO first ends its connection': async (victim) => {
    const first = { type: 'CMD', id: '7f3d2a10-1111-4222-8333-944455556666', command: 'leave', name: null };
    return silentlyRefused(attackWithHello(victim, asTandem(victim.friend), first));
  },
  'CMD rm is answered no and reaches nobody': async () =>
    withOwnVictim(async (own) => {
      const attack = await enter(own);
      const id = '7f3d2a10-1111-4222-8333-944455556666';
      for (const command of ['rm', 'rm -rf /', 'cluster.delete', 'constructor', ['leave']])
        attack.send({ type: 'CMD', id, command, name: null });
      attack.send({ type: 'CMD', id: 'not a uuid', command: 'leave', name: null });
      attack.send({ type: 'CMD', id, command: 'leave', name: 'lab' });
      const answers = () => attack.heard.filter(({ type, ok }) => type === 'CMD_RESULT' && ok === false);
      await until(() => own.core.frames.length > 0 && answers().length >= 5);
      if (answers().length !== 5) return `${answers().length} were answered no`;
      const [only, more] = own.core.frames;
      return only?.type === 'CMD' && only.command === 'leave' && more === undefined ? null : 'not the one';
    }),
  'a lowered minor version is refused with the side that is old': async (victim) => {
    const attack = attackWithHello(victim, asTandem(victim.friend), aHello({ protoMax: 1 }));
    await until(attack.closed, 1500);
    const [said, more] = attack.heard;
    const [told] = victim.core.refused.splice(0);
    if (told?.code !== 'peerIsOld') return `told: ${JSON.stringify(told)}`;
    return attack.closed() && said?.['type'] === 'ERROR' && more === undefined
      ? null
      : JSON.stringify(attack.heard);
  },
  'a late HELLO finds nobody': async (victim) => {
    const silent = attackTls(victim.port, asTandem(victim.friend), victim.freshAddress());
    const dripping = attackTcp(victim.port, victim.freshAddress());
    // The head of a ClientHello, a byte at a time.
    const head = [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3];
    const drip = setInterval(() => dripping.write(Buffer.from(head.splice(0, 1))), 200);
    await pause(1600);
    const early = silent.closed() || dripping.closed();
    const refused = (await silentlyRefused(silent, 1000)) ?? (await silentlyRefused(dripping, 1000));
    clearInterval(drip);
    return early ? 'it was closed before its 2 s' : refused;
  },
  'the fifth half-open connection of an address is refused, others are not': async (victim) => {
    const from = victim.freshAddress();
    const four = [1, 2, 3, 4].map(() => attackTcp(victim.port, from));
    await pause(150);
    const fifth = attackTcp(victim.port, from);
    const got = await silentlyRefused(fifth, 500);
    const stood = four.every((one) => !one.closed());
    for (const one of four) one.socket.destroy();
    await pause(100);
    const after = attackTcp(victim.port, from);
    await pause(150);
    const again = !after.closed();
    after.socket.destroy();
    return got ?? (stood ? (again ? null : 'what is gone still counts') : 'the first four were sent away');
  },
  'the eleventh handshake within a second is refused': async (victim) => {
    const from = victim.freshAddress();
    const attacks: Attack[] = [];
    for (let knock = 0; knock < 10; knock += 1) {
      const attack = attackTcp(victim.port, from);
      await until(() => !attack.socket.connecting);
      attack.socket.destroy();
      attacks.push(attack);
      await pause(20);
    }
    const eleventh = attackTls(victim.port, asTandem(victim.friend), from);
    const got = await silentlyRefused(eleventh, 500);
    return got ?? (eleventh.secured() ? 'it shook hands' : null);
  },
};

/** Null when TLS itself said no, with that alert. */
function byAlert(attack: Attack, alert: string): string | null {
  if (attack.secured()) return 'the handshake was completed';
  return attack.error()?.includes(alert) ? null : `ended by ${attack.error()}`;
}

/** A length of 1 MiB with as many bytes behind it. */
function bigFrame(): Buffer {
  return encodeFrame('x'.repeat(MIB - 2), 2 * MIB) ?? Buffer.alloc(0);
}

async function withOwnVictim(attack: (own: Victim) => Promise<string | null>): Promise<string | null> {
  const own = await makeVictim();
  try {
    return await attack(own);
  } finally {
    await own.dispose();
  }
}

/** First shows on a server with Node's own settings that the attack is one, then tries it on ours. */
async function resumption(victim: Victim): Promise<string | null> {
  const control = await resumptionWorksOnPlainServer(victim.friend, victim.stranger);
  if (control !== null) return control;
  return withOwnVictim(async (own) => {
    const good = await enter(own);
    const tickets: Buffer[] = [];
    good.socket.on('session', (ticket: Buffer) => tickets.push(ticket));
    await pause(200);
    const kept = (good.socket as TLSSocket).getSession();
    const sessions = [...tickets, ...(kept === undefined ? [] : [kept])];
    const stood = own.core.stood.length;
    for (const session of sessions) {
      const attack = attackWithHello(own, asTandem(makeIdentity(), { session }));
      const got = await silentlyRefused(attack);
      if (got !== null) return got;
    }
    return own.core.stood.length === stood ? null : 'a session was made';
  });
}

async function resumptionWorksOnPlainServer(first: Identity, second: Identity): Promise<string | null> {
  const seen: { reused: boolean; pin: string | null }[] = [];
  const { keyPem: key, certificatePem: cert } = makeIdentity();
  const options = { key, cert, requestCert: true, rejectUnauthorized: false, ALPNProtocols: ['tandem/1'] };
  const server = createServer(options, (socket) => {
    socket.on('error', () => undefined);
    const { raw } = socket.getPeerCertificate();
    seen.push({ reused: socket.isSessionReused(), pin: pinOfCertificate(raw ?? Buffer.alloc(0)) });
    socket.write('x');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const good = attackTls(port, asTandem(first));
    const tickets: Buffer[] = [];
    good.socket.on('session', (ticket: Buffer) => tickets.push(ticket));
    await until(() => tickets.length > 0, 1500);
    good.socket.destroy();
    const [session] = tickets;
    if (session === undefined) return 'control: a plain server gave no ticket';
    const bad = attackTls(port, asTandem(second, { session }));
    await until(() => seen.length === 2, 1500);
    bad.socket.destroy();
    const fooled = seen[1]?.reused === true && seen[1].pin === first.pin;
    return fooled ? null : `control: a plain server was not fooled: ${JSON.stringify(seen)}`;
  } finally {
    server.close();
  }
}

export interface CaseReport {
  readonly name: string;
  /** Null when the attack got nothing and the good session lives on. */
  readonly got: string | null;
}

export async function runCases(): Promise<CaseReport[]> {
  const victim = await makeVictim();
  const reports: CaseReport[] = [];
  for (const [name, attack] of Object.entries(cases)) {
    const got = await attack(victim).catch((error: unknown) => String(error));
    reports.push({ name, got: got ?? (await victim.harmed()) });
    await settleDown();
  }
  await victim.dispose();
  return reports;
}

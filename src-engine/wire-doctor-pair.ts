import { createPrivateKey } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ok, type Result, type TandemError } from '../src-shared/errors/result.ts';
import type { IdentityLook, PairLooks } from './doctor/check.ts';
import { noLooks, pingChildOk, provesLife, type Look, type PortOutcome } from './link/classify/looks.ts';
import { pingByTool, type PingProbe } from './link/classify/system-probes.ts';
import { tcpProbe, type TcpProbe } from './link/classify/tcp-probe.ts';
import { CURVE } from './link/identity/certificate.ts';
import { certificateFile, keyFile } from './link/identity/identity-files.ts';
import { peerFile, readPeer } from './link/identity/peer-file.ts';
import { pinOfCertificate, pinOfKey } from './link/identity/pin.ts';
import { codeOf, readPrivateFile, unreadable } from './link/identity/private-file.ts';
import { readOwnNetwork, systemNetworkSource } from './link/network/own-network.ts';
import { pause } from './platform/clock.ts';
import { connectToEngine } from './platform/engine-client.ts';
import type { Platform } from './platform/platform.ts';

const ENGINE_LIMIT_MS = 5000;
const PROBE_MS = 1000;
/** Between the two rounds: one blip of the radio is no permission. */
const AGAIN_MS = 1000;
/** What a router usually serves: DNS and its own pages. */
const ROUTER_PORTS = [53, 80, 443];
/** Of a pin, for people; as the screens show it. */
const SHOWN_DIGITS = 16;

/**
 * What the doctor may know of the pair, with or without an engine.
 *
 * @param addressSetting `link.address`
 */
export function pairLooks(platform: Platform, addressSetting: () => string): PairLooks {
  const ping = pingByTool(platform.tools, platform.os);
  return {
    identity: () => lookAtIdentity(platform.home.identity),
    engine: () => askEngine(platform),
    async localNetworkDenied() {
      if (platform.os !== 'darwin') return null;
      const wait = (delayMs: number): Promise<void> => pause(platform.scheduler, delayMs);
      const source = systemNetworkSource(platform.os, platform.tools);
      const wish = { setting: addressSetting(), peerAddress: null };
      const network = await readOwnNetwork(source, wish, wait).catch(() => null);
      if (network === null || network.gateway === null) return null;
      return localNetworkDenied({ gateway: network.gateway, ping, tcp: tcpProbe, wait });
    },
  };
}

async function askEngine(platform: Platform): ReturnType<PairLooks['engine']> {
  const client = await connectToEngine(platform.home);
  if (!client.ok) return null;
  const said = await client.value.call('peer.get', {}, ENGINE_LIMIT_MS);
  client.value.close();
  return said.ok ? said.value : null;
}

export interface PermissionPorts {
  /** IPv4 of the router: a host that lives, and is on the local network. */
  readonly gateway: string;
  readonly ping: PingProbe;
  readonly tcp: TcpProbe;
  wait(delayMs: number): Promise<void>;
}

/**
 * True when twice in a row this program's own sockets were turned away at once (an errno; a time-out does not
 * count) where a ping child, which needs no permission, got its answer. Null: the router answers neither.
 */
export async function localNetworkDenied(ports: PermissionPorts): Promise<boolean | null> {
  const first = await askTwoWays(ports);
  if (first !== true) return first;
  await ports.wait(AGAIN_MS);
  return askTwoWays(ports);
}

async function askTwoWays({ gateway, ping, tcp }: PermissionPorts): Promise<boolean | null> {
  const { signal } = new AbortController();
  const [gatewayPing, ...knocks] = await Promise.all([
    ping(gateway, PROBE_MS, signal),
    ...ROUTER_PORTS.map((port) => tcp({ host: gateway, port, timeoutMs: PROBE_MS, signal })),
  ]);
  const gatewaySocket = mostInnocent(knocks);
  if (provesLife(gatewaySocket) === true) return false;
  if (gatewayPing?.outcome !== 'ok') return null;
  // The rule of the classification, with the router in the other Mac's place.
  return pingChildOk({ ...noLooks, gatewayPing, gatewaySocket, appPort: gatewaySocket });
}

/** An answer acquits, and so does a time-out: what is denied fails at once, on every port. */
function mostInnocent(knocks: readonly Look<PortOutcome>[]): Look<PortOutcome> | null {
  const answered = knocks.find((look) => provesLife(look) === true);
  return answered ?? knocks.find(({ outcome }) => outcome === 'timeout') ?? knocks[0] ?? null;
}

/**
 * Looks at the files of `folder` (`TANDEM_HOME/identity`) as they are. The readers of the link close what others
 * may read; they are called only where nothing is open, so that looking changes nothing.
 */
export async function lookAtIdentity(folder: string): Promise<IdentityLook> {
  const nothing: IdentityLook = { folder, fingerprint: null, open: [], paired: false, trouble: null };
  try {
    const [names, own] = await Promise.all([readdir(folder), stat(folder)]);
    const files = await Promise.all(
      names.map(async (name) => ({ name, mode: (await stat(join(folder, name))).mode })),
    );
    const open = [{ name: '.', mode: own.mode }, ...files].filter(({ mode }) => (mode & 0o077) !== 0);
    const paired = names.includes(basename(peerFile(folder)));
    if (open.length > 0) return { ...nothing, paired, open: open.map(({ name }) => name) };
    const pin = await readPin(folder);
    if (!pin.ok) return { ...nothing, paired, trouble: troubleOf(pin.error) };
    return { ...nothing, paired, fingerprint: pin.value === null ? null : shownPin(pin.value) };
  } catch (error) {
    const detail = codeOf(error);
    return detail === 'ENOENT' ? nothing : { ...nothing, trouble: { path: folder, detail } };
  }
}

/** As `openIdentity` reads it, but for what it would make. */
async function readPin(folder: string): Promise<Result<string | null>> {
  const key = await readPrivateFile(keyFile(folder));
  if (!key.ok) return key;
  const certificate = await readPrivateFile(certificateFile(folder));
  if (!certificate.ok) return certificate;
  const peer = await readPeer(folder);
  if (!peer.ok) return peer;
  // The engine makes no new key where something is left of an old one.
  if (key.value === null)
    return certificate.value === null && peer.value === null
      ? ok(null)
      : unreadable(keyFile(folder), 'missing');
  const pin = pinOf(key.value);
  if (pin === null) return unreadable(keyFile(folder), 'not a P-256 key');
  if (certificate.value !== null && pinOfCertificate(certificate.value) !== pin)
    return unreadable(certificateFile(folder), 'of another key');
  return ok(pin);
}

function pinOf(pem: string): string | null {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyDetails?.namedCurve === CURVE ? pinOfKey(key) : null;
  } catch {
    return null;
  }
}

function troubleOf({ params }: TandemError): { path: string; detail: string } {
  return { path: String(params['path']), detail: String(params['detail']) };
}

function shownPin(pin: string): string {
  return (pin.slice(0, SHOWN_DIGITS).match(/.{4}/g) ?? []).join(' ');
}

import { connect } from 'node:net';
import type { TrafficLooks } from './doctor/check.ts';
import { connectToEngine } from './platform/engine-client.ts';
import type { Platform } from './platform/platform.ts';
import { addressOf, textOf } from './traffic/addresses.ts';
import { GATE_PORT } from './traffic/front-config.ts';

const ENGINE_LIMIT_MS = 5000;
const CONNECT_LIMIT_MS = 1000;

/**
 * What the doctor may know of front and gate, with or without an engine.
 *
 * @param gateListen `traffic.gateListen`
 */
export function trafficLooks(platform: Platform, gateListen: () => string): TrafficLooks {
  return {
    async engine() {
      const client = await connectToEngine(platform.home);
      if (!client.ok) return null;
      const said = await client.value.call('traffic.get', {}, ENGINE_LIMIT_MS);
      client.value.close();
      return said.ok ? said.value : null;
    },
    async gateAddress() {
      if (gateListen() !== '') return gateListen();
      const listening = await linkListens(platform);
      const address = listening === null ? null : addressOf(listening);
      return address?.ok ? textOf({ host: address.value.host, port: GATE_PORT }) : null;
    },
    answers: takesConnections,
  };
}

async function linkListens(platform: Platform): Promise<string | null> {
  const client = await connectToEngine(platform.home);
  if (!client.ok) return null;
  const said = await client.value.call('peer.get', {}, ENGINE_LIMIT_MS);
  client.value.close();
  return said.ok ? said.value.link.listening : null;
}

/** A connection stands within a second; nothing is said over it. */
export function takesConnections(text: string): Promise<boolean> {
  const address = addressOf(text);
  if (!address.ok) return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = connect({ ...address.value, autoSelectFamily: false });
    const end = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(CONNECT_LIMIT_MS, end(false));
    socket.once('connect', end(true));
    socket.once('error', end(false));
  });
}

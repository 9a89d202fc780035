import { pingByTool, readyByHttps } from './classify/system-probes.ts';
import { startProbes } from './classify/probes.ts';
import { tcpProbe } from './classify/tcp-probe.ts';
import type { RunningProbes } from './break-keeper.ts';
import type { LinkParts } from './link-parts.ts';
import { systemNetworkSource } from './network/own-network.ts';
import { probeHandshake } from './session/probe-handshake.ts';

const HANDSHAKE_MS = 1000;

/** Looks at the other Mac and at this one's network with everything there is (classify/probes.ts). */
export function peerProbes(parts: LinkParts): () => RunningProbes {
  const { ports, state } = parts;
  const source = systemNetworkSource(ports.os, ports.tools);
  const ping = pingByTool(ports.tools, ports.os);
  return () => {
    const { address, port } = state.paired ?? { address: '', port: 0 };
    return startProbes({
      clock: ports.clock,
      scheduler: ports.scheduler,
      peerAddress: address,
      peerApi: state.told?.status.api ?? null,
      peerMac: state.peerMac,
      network: () => parts.watch.check(),
      async probeHandshake() {
        const seen = await probeHandshake(address, port, state.identity, HANDSHAKE_MS);
        return { ...seen, outcome: seen.outcome === 'closed' ? 'error' : seen.outcome };
      },
      tcp: tcpProbe,
      ping,
      ready: readyByHttps,
      neighbours: () => source.neighbours(),
    });
  };
}

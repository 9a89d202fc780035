import type { TunnelLooks } from './doctor/check.ts';
import { connectToEngine } from './platform/engine-client.ts';
import type { Platform } from './platform/platform.ts';

const ENGINE_LIMIT_MS = 5000;

/** What the doctor may know of the tunnel: what the running engine says. */
export function tunnelLooks(platform: Platform): TunnelLooks {
  return {
    async engine() {
      const client = await connectToEngine(platform.home);
      if (!client.ok) return null;
      const said = await client.value.call('tunnel.get', {}, ENGINE_LIMIT_MS);
      client.value.close();
      return said.ok ? said.value : null;
    },
  };
}

import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Platform } from './platform/platform.ts';
import { launchdManager, systemdManager, type ManagerPorts } from './service/managers.ts';
import { removeIfInstalled, serviceHandlers, statusOf } from './service/service-room.ts';

/** What the engine reads from its surroundings (design/interface.md, Environment). */
const KEPT = ['TANDEM_LOG', 'TANDEM_LANG', 'XDG_CONFIG_HOME', 'DOCKER_HOST', 'ELECTRON_RUN_AS_NODE'];

export function wireService({ home, tools, env, os }: Platform) {
  const ports: ManagerPorts = {
    tools,
    userFolder: homedir(),
    configFolder: env['XDG_CONFIG_HOME'] ?? null,
    homeId: createHash('sha256').update(home.root).digest('hex').slice(0, 8),
    uid: process.getuid?.() ?? 0,
  };
  const kept = KEPT.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]));
  const manager = async () => (os === 'darwin' ? launchdManager(ports) : systemdManager(ports));
  const handlers = serviceHandlers({
    manager,
    plan: () => ({
      program: process.execPath,
      // The engine's own file: this code is part of it.
      args: [fileURLToPath(new URL('./main.js', import.meta.url))],
      env: { TANDEM_HOME: home.root, ...Object.fromEntries(kept) },
      logs: home.logs,
    }),
  });
  return {
    handlers,
    removeIfInstalled: () => removeIfInstalled(manager),
    status: async () => statusOf(await manager()),
  };
}

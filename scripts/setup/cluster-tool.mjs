// Whether a real cluster can be made on this machine. Nothing is started to find out.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { hasProgram } from '../lib/run.mjs';

/** Where the engine looks as well (src-engine/platform/tools.ts, docker-socket.ts). */
const FOLDERS = ['/opt/homebrew/bin', '/usr/local/bin', '/usr/bin'];
const SOCKETS = [
  '/var/run/docker.sock',
  join(homedir(), '.docker/run/docker.sock'),
  join(homedir(), '.orbstack/run/docker.sock'),
  join(homedir(), '.colima/default/docker.sock'),
];

/** kind, minikube, or a container runtime's socket. */
export function hasClusterTool() {
  if (process.env['DOCKER_HOST']) return true;
  const tools = ['kind', 'minikube'];
  if (tools.some((tool) => hasProgram(tool) || FOLDERS.some((folder) => existsSync(join(folder, tool)))))
    return true;
  return SOCKETS.some((socket) => existsSync(socket));
}

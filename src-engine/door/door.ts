import { chmod, rm, symlink } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { makePrivateFolder } from '../platform/files.ts';
import type { Home } from '../platform/home.ts';
import { serveConnection } from './connection.ts';
import type { Dispatch } from './dispatch.ts';

/** The engine's one door: a Unix socket for this user alone. */
export interface Door {
  close(): Promise<void>;
}

/** Opens `engine.sock` (0600, in a 0700 folder). The caller holds the home's lock, so an old socket is dead. */
export async function openDoor(home: Home, dispatch: Dispatch): Promise<Door> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    serveConnection(socket, dispatch);
  });
  await rm(home.socket, { force: true });
  if (home.socketTarget !== home.socket) await makePrivateFolder(dirname(home.socketTarget));
  await rm(home.socketTarget, { force: true });
  await listen(server, home.socketTarget);
  await chmod(home.socketTarget, 0o600);
  if (home.socketTarget !== home.socket) await symlink(home.socketTarget, home.socket);
  return {
    close: async () => {
      server.close();
      for (const socket of open) socket.destroy();
      await rm(home.socketTarget, { force: true });
      await rm(home.socket, { force: true });
    },
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

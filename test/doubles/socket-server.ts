import { createServer, type RequestListener } from 'node:http';

/** An HTTP server on a Unix socket; its end also ends what is under way. */
export async function serveOnSocket(socket: string, answer: RequestListener): Promise<() => Promise<void>> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
}

import { createServer, type AddressInfo } from 'node:net';

/** So many ports of 127.0.0.1 that nobody holds now; all are held until the last is found, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const held = await Promise.all(Array.from({ length: count }, hold));
  await Promise.all(held.map(({ free }) => free()));
  return held.map(({ port }) => port);
}

function hold(): Promise<{ port: number; free(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const free = (): Promise<void> => new Promise((done) => server.close(() => done()));
      resolve({ port: (server.address() as AddressInfo).port, free });
    });
  });
}

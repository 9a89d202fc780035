import { Agent, request } from 'node:https';
import type { Plane } from './plane.ts';

/** Requests by the thousand: what kubectl, which limits itself, is too slow for. */
export interface RawApi {
  /** Rejects what is refused. */
  post(path: string, body: object): Promise<void>;
  /** A merge patch. */
  patch(path: string, body: object): Promise<void>;
  /** As many at once as an API server takes well. */
  postAll(path: string, bodies: readonly object[]): Promise<void>;
  close(): void;
}

const PARALLEL = 32;

export function rawApi({ server, authority, admin }: Plane): RawApi {
  const { cert, key } = admin;
  const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL, ca: authority.cert, cert, key });
  const send = (method: string, type: string, path: string, body: object): Promise<void> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': type };
      const asked = request(`${server}${path}`, { agent, method, headers }, (answer) => {
        answer.resume();
        answer.on('end', () =>
          (answer.statusCode ?? 500) < 300
            ? resolve()
            : reject(new Error(`${method} ${path}: ${answer.statusCode}`)),
        );
      });
      asked.on('error', reject);
      asked.end(JSON.stringify(body));
    });
  const post = (path: string, body: object): Promise<void> => send('POST', 'application/json', path, body);
  return {
    post,
    patch: (path, body) => send('PATCH', 'application/merge-patch+json', path, body),
    async postAll(path, bodies) {
      const waiting = bodies.values();
      const worker = async (): Promise<void> => {
        for (const body of waiting) await post(path, body);
      };
      await Promise.all(Array.from({ length: PARALLEL }, worker));
    },
    close: () => agent.destroy(),
  };
}

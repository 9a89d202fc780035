import { request } from 'node:http';
import { nodeStateSchema, type NodeState } from './node-control.ts';

const LIMIT_MS = 2000;

/** Asks a node process; null when it does not answer within two seconds. */
export function askNode(socketPath: string, method: 'GET' | 'POST', path: string): Promise<NodeState | null> {
  return new Promise((resolve) => {
    const call = request({ socketPath, method, path, timeout: LIMIT_MS }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(parse(Buffer.concat(chunks).toString('utf8'))));
      response.on('error', () => resolve(null));
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(null));
    call.end();
  });
}

function parse(text: string): NodeState | null {
  try {
    const parsed = nodeStateSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** True when a pod says over HTTP that it is ready: what a kubelet's readiness probe would see. */
export function podAnswers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request({ host: '127.0.0.1', port, path: '/readyz', timeout: LIMIT_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(false));
    call.end();
  });
}

import { request } from 'node:http';
import { askOverSocket } from '../../platform/socket-http.ts';
import { nodeStateSchema, type NodeState } from './node-control.ts';

const LIMIT_MS = 2000;

/** Asks a node process; null when it does not answer within two seconds. */
export async function askNode(
  socketPath: string,
  method: 'GET' | 'POST',
  path: string,
): Promise<NodeState | null> {
  const answer = await askOverSocket({ socketPath, method, path, limitMs: LIMIT_MS });
  return answer === null ? null : parse(answer.text);
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

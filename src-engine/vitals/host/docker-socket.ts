import { askOverSocket } from '../../platform/socket-http.ts';

/** One GET over Docker's Unix socket; null on any failure, or when it takes longer than the limit. */
export async function dockerGet(socketPath: string, path: string, limitMs: number): Promise<unknown> {
  const answer = await askOverSocket({ socketPath, method: 'GET', path, limitMs });
  return answer?.status === 200 ? parsed(answer.text) : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

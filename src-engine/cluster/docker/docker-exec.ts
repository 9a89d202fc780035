import { z } from 'zod';
import { askOverSocket } from '../../platform/socket-http.ts';

const LIMIT_MS = 5000;
const madeSchema = z.object({ Id: z.string() });

/** What a shell inside a container prints; null when it cannot be run, or prints nothing. */
export async function runInside(
  socketPath: string,
  container: string,
  script: string,
): Promise<string | null> {
  const ask = (path: string, body: unknown) =>
    askOverSocket({ socketPath, method: 'POST', path, body, limitMs: LIMIT_MS });
  const command = { Cmd: ['sh', '-c', script], AttachStdout: true, Tty: true };
  const answer = await ask(`/containers/${encodeURIComponent(container)}/exec`, command);
  const made = madeSchema.safeParse(parsed(answer?.text ?? ''));
  if (!made.success) return null;
  const said = await ask(`/exec/${made.data.Id}/start`, { Detach: false, Tty: true });
  return said === null || said.text === '' ? null : said.text.replaceAll('\r\n', '\n');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

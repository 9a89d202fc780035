import { protocol } from 'electron';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { APP_SCHEME, assetOf, CONTENT_SECURITY_POLICY } from './asset-path.ts';

/** Must run before Electron is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, codeCache: true } },
  ]);
}

/** Serves the built renderer at `app://tandem/`, and nothing else. */
export function serveRenderer(folder: string): void {
  protocol.handle(APP_SCHEME, async (request) => {
    const asset = request.method === 'GET' ? assetOf(request.url) : null;
    const body = asset === null ? null : await readFile(join(folder, asset.path)).catch(() => null);
    if (asset === null || body === null)
      return new Response(null, { status: 404, headers: headersFor('text/plain') });
    return new Response(new Uint8Array(body), { headers: headersFor(asset.type) });
  });
}

function headersFor(type: string): Record<string, string> {
  return {
    'content-type': type,
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
  };
}

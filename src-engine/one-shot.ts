import type { Caller, Handlers, Method } from '../src-shared/commands/registry.ts';
import { fail } from '../src-shared/errors/result.ts';
import { commands } from '../src-shared/commands/registry.ts';
import { createDispatch, type Dispatch } from './door/dispatch.ts';
import { dockerSocketPath } from './platform/docker-socket.ts';
import type { Platform } from './platform/platform.ts';
import { openSettings } from './settings/settings-room.ts';
import { wireDoctor } from './wire-doctor.ts';
import { wireHistory } from './wire-history.ts';
import { wireOffline } from './wire-offline.ts';
import { readVitalsOnce } from './wire-vitals.ts';

/** The verbs that need no engine (design decision 19); every other is refused as if none ran. */
export async function oneShotDispatch(platform: Platform): Promise<Dispatch> {
  const settings = await openSettings(platform, { watch: false });
  const dockerSocket = (): string | null => dockerSocketPath(platform.env);
  const offline = {
    ...wireOffline(platform),
    ...settings.handlers,
    ...wireHistory(platform).handlers,
    ...wireDoctor(platform, settings, dockerSocket, () =>
      readVitalsOnce(platform, settings.get, dockerSocket),
    ),
  };
  const refused = Object.fromEntries(
    (Object.keys(commands) as Method[]).map((method) => [method, async () => fail('engineNotRunning')]),
  );
  return createDispatch({ ...refused, ...offline } as Handlers<Caller>, () => undefined);
}

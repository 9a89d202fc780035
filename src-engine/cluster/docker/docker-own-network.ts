import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { messageOf, readAs, type Call } from './docker-call.ts';
import { refusal } from './docker-refusal.ts';
import { networkSchema } from './docker-shapes.ts';

/** Marks a network that Tandem made, and may therefore remove. */
const OURS = 'local.tandem.network';

export async function ensureNetwork(call: Call, name: string, subnet: string): Promise<Result<void>> {
  const there = await call('GET', `/networks/${encodeURIComponent(name)}`);
  if (!there.ok) return there;
  if (there.value.status === 200) return ok(undefined);
  const body = {
    Name: name,
    Driver: 'bridge',
    IPAM: { Driver: 'default', Config: [{ Subnet: subnet }] },
    Labels: { [OURS]: 'true' },
  };
  const made = await call('POST', '/networks/create', { body });
  if (!made.ok) return made;
  if (made.value.status < 400) return ok(undefined);
  const detail = messageOf(made.value);
  const known = refusal(detail);
  return known === null ? fail('toolFailed', { tool: 'Docker', detail }) : { ok: false, error: known };
}

/** Only when no container needs it, stopped ones included: Docker would remove it under those. */
export async function removeNetwork(call: Call, name: string): Promise<void> {
  const path = `/networks/${encodeURIComponent(name)}`;
  const there = await call('GET', path);
  if (!there.ok || there.value.status !== 200) return;
  const network = readAs(there.value, networkSchema);
  if (!network.ok || network.value.Labels?.[OURS] === undefined) return;
  const filters = encodeURIComponent(JSON.stringify({ network: [name] }));
  const users = await call('GET', `/containers/json?all=true&filters=${filters}`);
  if (users.ok && Array.isArray(users.value.body) && users.value.body.length === 0)
    await call('DELETE', path);
}
